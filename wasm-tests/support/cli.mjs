// The command line: what the shipped wasm is compared with.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { root } from "./npm.mjs";

/** `VIDIMUS_CLI`, or as cargo built it. */
export const cli = process.env.VIDIMUS_CLI
  ?? ["release", "debug"].map((kind) => path.join(root, "target", kind, "vidimus")).find(existsSync)
  ?? path.join(root, "target/release/vidimus");

/** A folder that is gone after `body`. */
export async function withFolder(body) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "vidimus-"));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What the command line prints. */
export const native = async (...options) => (await promisify(execFile)(cli, options, { maxBuffer: 1 << 28 })).stdout;

/**
 * The report that the command line writes. `policy` is a text, as the worker takes it; `more` are further
 * options.
 */
export function nativeReport(paths, anchor, policy = null, more = []) {
  return withFolder(async (folder) => {
    const report = path.join(folder, "report.json");
    const options = ["--anchor", anchor, "--report", report, ...more];
    if (policy) {
      const file = path.join(folder, "policy.json");
      await writeFile(file, policy);
      options.push("--policy", file);
    }
    try {
      await promisify(execFile)(cli, ["verify", ...paths, ...options]);
    } catch (error) {
      // 1 and 2 are verdicts.
      if (![1, 2].includes(error.code)) throw error;
    }
    return readFile(report, "utf8");
  });
}
