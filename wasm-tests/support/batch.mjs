// Batches of signatures, by the description in verifier/src/signature/batch.rs and not by its code.
import { createHash } from "node:crypto";

export const ZIP215 = 1;
export const GO = 2;
export const CONSENT = 3;

const hex = (text) => Buffer.from(text, "hex");

export const fromHex = ({ key, message, signature }) => ({
  key: hex(key),
  message: hex(message),
  signature: hex(signature),
});

function length(number) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(number));
  return bytes;
}

/** `cases` are `{ key, message, signature }` as bytes. */
export function encodeBatch(rule, cases) {
  const entries = cases.flatMap(({ key, message, signature }) => [key, signature, length(message.length), message]);
  return Buffer.concat([Buffer.from("vidimus/batch/1\n"), Buffer.of(rule), ...entries, length(cases.length)]);
}

/** The places that fail; throws if the outcome is not for `batch`, or damaged. */
export function decodeFailed(batch, outcome) {
  const bytes = Buffer.from(outcome);
  const sha256 = (data) => createHash("sha256").update(data).digest();
  const magic = "vidimus/failed/1\n";
  const [body, digest] = [bytes.subarray(0, -32), bytes.subarray(-32)];
  if (body.subarray(0, 17).toString() !== magic) throw new Error("no outcome");
  if (!body.subarray(17, 49).equals(sha256(batch))) throw new Error("the outcome of another batch");
  if (!digest.equals(sha256(body))) throw new Error("a damaged outcome");
  const failed = [];
  for (let at = 49; at < body.length; at += 4) failed.push(body.readUInt32LE(at));
  return failed;
}
