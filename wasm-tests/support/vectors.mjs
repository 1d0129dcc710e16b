// The shared vectors: `VIDIMUS_VECTORS`, else `../shared/vectors` beside the checkout.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { root } from "./npm.mjs";

export const vectors = path.resolve(root, process.env.VIDIMUS_VECTORS ?? "../shared/vectors");

/** Options of a test that needs files: where one is missing the test is skipped, in CI it fails. */
export function needs(...files) {
  const missing = files.find((file) => !existsSync(file));
  if (missing === undefined || process.env.CI === "true") return {};
  return { skip: missing.startsWith(vectors) ? "skipped: no vectors" : `not here: ${missing}` };
}

export const readVector = (file) => readFileSync(path.join(vectors, file));

export const readJson = (file) => JSON.parse(readVector(file).toString("utf8"));

/** What INDEX.tsv says of each file below `folder`: `[file, verdict]`. */
export const index = (folder) =>
  readVector("INDEX.tsv").toString("utf8").trimEnd().split(/\r?\n/).slice(1)
    .map((line) => line.split("\t"))
    .filter(([file]) => file.startsWith(`${folder}/`))
    .map(([file, , , , , , , verdict]) => [file, verdict.replaceAll('"', "")]);

/** The files of a folder as a person drops it: `{ path, file }`. */
export function opened(directory) {
  const name = path.basename(directory);
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => ({
      path: [name, ...path.relative(directory, file).split(path.sep)].join("/"),
      file: new File([readFileSync(file)], path.basename(file)),
    }));
}

/** Real chains of three generations of CometBFT, with anchors at their heads and what is on them. */
export const LIVE = [
  {
    name: "live-038",
    profile: "cometbft-0.38",
    anchor: "vidimus-live-038/99/CDA6C557FDA53B7A7105262EEF0BE58801CE514B3D4C9A26892A483CD7AC2D79",
    counts: { blocks: "99", transactions: "2990", commit_signatures: "301", nil: "122" },
  },
  {
    name: "live-040",
    profile: "cometbft-0.40",
    anchor: "vidimus-live-040/107/B80EB628C07024FED0C5FBBDFEF2E1F9B1F601EB0D08737E03569628D3495389",
    counts: { blocks: "107" },
  },
  {
    name: "live-1",
    profile: "cometbft-1.0",
    anchor: "vidimus-live-1/111/355B2450B5AC39C5097B93FCE5DB1ED9A2B8D6D41AA3DEE24130F695D471571C",
    counts: { blocks: "111" },
  },
].map((chain) => ({ ...chain, folder: path.join(vectors, "cometbft", chain.name) }));
