// The published Ed25519 vectors through the shipped `verifyBatch`: the counts of INDEX.tsv.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { CONSENT, GO, ZIP215, decodeFailed, encodeBatch, fromHex } from "../support/batch.mjs";
import { binding } from "../support/npm.mjs";
import { index, needs, readJson, readVector, vectors } from "../support/vectors.mjs";

const RULES = [ZIP215, GO, CONSENT];

const cctv = () =>
  readJson("ed25519/cctv/ed25519vectors.json").map(({ key, sig, msg }) => ({
    ...fromHex({ key, message: "", signature: sig }),
    message: Buffer.from(msg),
  }));

const speccheck = (file) =>
  readJson(`ed25519/speccheck/${file}.json`).map(({ pub_key, message, signature }) =>
    fromHex({ key: pub_key, message, signature }));

/** How many, then of each three lines `msg=`, `pbk=`, `sig=`. */
const speccheckText = () =>
  [...readVector("ed25519/speccheck/cases.txt").toString().matchAll(/msg=(\w+)\s+pbk=(\w+)\s+sig=(\w+)/g)]
    .map(([, message, key, signature]) => fromHex({ key, message, signature }));

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
    const rows = RULES.map((rule) => row(accepted(rule, speccheck("cases"))));
    assert.deepEqual(rows, ["VVVVVVXXXVVV", "VVVVXXXXXXXV", "XXVVVVXXXXXX"]);
    assert.deepEqual(speccheckText(), speccheck("cases"), "the same cases as text");
  });

  test("speccheck: the 15 cases of the other generator", () => {
    // The paper has no rows for them. The first two are those of plain integer arithmetic.
    const rows = RULES.map((rule) => row(accepted(rule, speccheck("scripts_cases"))));
    assert.deepEqual(rows, ["VVVVVVVVVXXXVVV", "XVXVXVXVXXXXXVX", "XXXXVVVVVXXXXXX"]);
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

  test("every file of the index is read above, but for those of other algorithms", () => {
    const others = ["ecdsa_secp256k1_sha256_bitcoin_test", "ecdsa_secp256r1_sha256_p1363_test",
      "ecdsa_secp256r1_sha256_test", "eddsa_verify_schema_v1"].map((name) => `ed25519/wycheproof/${name}.json`);
    const files = index("ed25519").map(([file]) => file).filter((file) => !others.includes(file));
    assert.deepEqual(files.sort(), [
      "ed25519/cctv/ed25519vectors.json", "ed25519/dalek/TESTVECTORS", "ed25519/speccheck/cases.json",
      "ed25519/speccheck/cases.txt", "ed25519/speccheck/scripts_cases.json", "ed25519/wycheproof/ed25519_test.json",
      "ed25519/zip215/ed25519consensus_196.json",
    ]);
  });

  test("bytes that are no batch are refused with their offset", () => {
    assert.throws(() => verifyBatch(Buffer.from("x")), { code: "batch", offset: 0 });
  });
});
