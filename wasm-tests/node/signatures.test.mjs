// The published Ed25519 vectors through the shipped `verifyBatch`: the counts of INDEX.tsv.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { CONSENT, GO, ZIP215, decodeFailed, encodeBatch, fromHex } from "../support/batch.mjs";
import { binding } from "../support/npm.mjs";
import { needs, readJson, readVector, vectors } from "../support/vectors.mjs";

const RULES = [ZIP215, GO, CONSENT];

const cctv = () =>
  readJson("ed25519/cctv/ed25519vectors.json").map(({ key, sig, msg }) => ({
    ...fromHex({ key, message: "", signature: sig }),
    message: Buffer.from(msg),
  }));

const speccheck = () =>
  readJson("ed25519/speccheck/cases.json").map(({ pub_key, message, signature }) =>
    fromHex({ key: pub_key, message, signature }));

const smallOrder = () => {
  const { message_utf8, cases } = readJson("ed25519/zip215/ed25519consensus_196.json");
  const message = Buffer.from(message_utf8).toString("hex");
  return cases.map(({ vk, sig }) => fromHex({ key: vk, message, signature: sig }));
};

/** Lines `seed ‖ key : key : message : signature ‖ message :`. */
const supercop = () =>
  readVector("ed25519/dalek/TESTVECTORS").toString().trim().split("\n")
    .map((line) => line.split(":"))
    .map(([, key, message, signed]) => fromHex({ key, message, signature: signed.slice(0, 128) }));

const wycheproof = () =>
  readJson("ed25519/wycheproof/ed25519_test.json").testGroups.flatMap(({ publicKey, tests }) =>
    tests.map(({ tcId, msg, sig, result }) => ({
      tcId,
      valid: result === "valid",
      ...fromHex({ key: publicKey.pk, message: msg, signature: sig }),
    })));

describe("signatures", needs(vectors), () => {
  let verifyBatch;
  before(async () => ({ verifyBatch } = await binding()));

  /** For each case, whether it is accepted; whatever the batches are. */
  function accepted(rule, cases) {
    const verify = (part) => {
      const batch = encodeBatch(rule, part);
      const failed = new Set(decodeFailed(batch, verifyBatch(batch)));
      return part.map((_, place) => !failed.has(place));
    };
    const together = verify(cases);
    assert.deepEqual(cases.flatMap((one) => verify([one])), together, "single = batch");
    return together;
  }

  const count = (verdicts) => verdicts.filter(Boolean).length;
  const row = (verdicts) => verdicts.map((ok) => (ok ? "V" : "X")).join("");

  test("CCTV: 826, 208 and 212 of 914 are accepted", () => {
    assert.deepEqual(RULES.map((rule) => count(accepted(rule, cctv()))), [826, 208, 212]);
  });

  test("speccheck: the rows of the paper", () => {
    const rows = RULES.map((rule) => row(accepted(rule, speccheck())));
    assert.deepEqual(rows, ["VVVVVVXXXVVV", "VVVVXXXXXXXV", "XXVVVVXXXXXX"]);
  });

  test("zip215: 196, 12 and 0 of 196 are accepted", () => {
    assert.deepEqual(RULES.map((rule) => count(accepted(rule, smallOrder()))), [196, 12, 0]);
  });

  test("dalek: all 128 are accepted", () => {
    assert.deepEqual(RULES.map((rule) => count(accepted(rule, supercop()))), [128, 128, 128]);
  });

  test("Wycheproof: ZIP 215 differs in test 151, the others in none", () => {
    const tests = wycheproof();
    assert.equal(tests.length, 151);
    const right = tests.filter(({ signature }) => signature.length === 64);
    // A signature of another length is no signature, and no batch can hold it.
    assert(tests.every(({ signature, valid }) => signature.length === 64 || !valid));
    const differing = RULES.map((rule) => {
      const verdicts = accepted(rule, right);
      return right.filter(({ valid }, place) => verdicts[place] !== valid).map(({ tcId }) => tcId);
    });
    assert.deepEqual(differing, [[151], [], []]);
  });

  test("bytes that are no batch are refused with their offset", () => {
    assert.throws(() => verifyBatch(Buffer.from("x")), { code: "batch", offset: 0 });
  });
});
