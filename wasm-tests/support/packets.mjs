// Evidence packets of the sample hospitals, as the command line makes them.
import { writeFile } from "node:fs/promises";
import path from "node:path";

import { native } from "./cli.mjs";
import { anchoredReading } from "./documents.mjs";
import { root } from "./npm.mjs";

const generated = (name) => path.join(root, "www/generated", name);

/** The ledger, its anchor, and the viewing file of one patient. */
export const [ledger, anchorFile, viewFile] = ["hospital.vidimus", "hospital-anchor.txt", "patient.view"].map(generated);

/** The seed of these hospitals (xtask/src/samples.rs). */
const SEED = 12;

const STRANGER = "07".repeat(32);

/** Records of a kind that were accepted, and are not in the last block: nothing attests what it does. */
async function accepted(kind) {
  const lines = (await native("records", ledger, "--anchor", anchorFile)).trim().split("\n");
  const records = lines.map((line) => JSON.parse(line));
  const last = records.at(-1).height;
  return records.filter(({ code, height, record }) => code === "accepted" && record.kind === kind && height !== last);
}

/**
 * Puts packets into `folder`: of a patient's records, a consent that was revoked, a document, and that a key
 * signed nothing. Gives their paths, that of the document with its salt, and what they are about.
 */
export async function makePackets(folder) {
  const file = (name) => path.join(folder, name);
  const make = async (name, ...wanted) => {
    const packet = file(`${name}.vidimus-packet`);
    await native("packet", ledger, "--anchor", anchorFile, "--output", packet, ...wanted);
    return packet;
  };
  const [{ record: revocation, id: revocationId }] = await accepted("revocation");
  const reading = anchoredReading(SEED, await accepted("anchor"));
  const [document, proof] = [file("reading.bin"), file("reading.proof")];
  await writeFile(document, reading.content);
  await writeFile(proof, reading.proof);
  return {
    subject: await make("subject", "--view", viewFile),
    consent: await make("consent", "--consent", revocation.consent),
    document: await make("document", "--document", document, "--proof", proof),
    absence: await make("absence", "--no-signer", STRANGER),
    file: document,
    reading,
    revocation: { ...revocation, id: revocationId },
    stranger: STRANGER,
  };
}
