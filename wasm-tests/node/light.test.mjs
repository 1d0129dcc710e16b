// The model-based vectors of tendermint-rs through the shipped `verifyLightStep`: steps of a light
// client with the verdict that the model declares.
//
// Not as an export of two light blocks: of the block that the first step starts from the vectors hold
// no set, a step may go back, and neighbors need no hash link.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { binding } from "../support/npm.mjs";
import { index, needs, readJson, readVector, vectors } from "../support/vectors.mjs";

const PROFILE = "cometbft-0.34";

/** Files that are judged otherwise, and why. */
const DIVERGENCES = new Map([
  ["_MC4_4_faulty_Test2NotEnoughTrustSuccess.json", "headers of block protocol 0"],
  ["_MC4_4_faulty_Test3NotEnoughTrustFailure.json", "headers of block protocol 0"],
]);

/** A status as the vectors spell it. */
const spelled = (status) => status.toUpperCase().replaceAll("-", "_");

/** A trusting period in nanoseconds, as the vectors have them. */
const CENTURY = { trusting_period: "3155760000000000000" };

describe("steps of a light client", needs(vectors), () => {
  let npm;
  before(async () => (npm = await binding()));

  const policy = ({ trusting_period: nanoseconds }, now) =>
    JSON.stringify({
      trust_level: "1/3",
      trusting_period: String(BigInt(nanoseconds) / 1_000_000_000n),
      clock_drift: "1",
      now,
    });

  /** Each step of a file as `{ height, declared, verdict }`. */
  function judge({ initial, input }) {
    const { signed_header, next_validator_set } = initial;
    // The set that signed the first header is not given, and no step looks at it.
    let trusted = { signed_header, validator_set: next_validator_set };
    return input.map(({ block, now, verdict: declared }) => {
      const texts = [trusted, block].map((one) => JSON.stringify(one));
      const verdict = npm.verifyLightStep(PROFILE, ...texts, policy(initial, now));
      if (verdict.status === "success") trusted = block;
      return { height: block.signed_header.header.height, declared, verdict };
    });
  }

  const files = index("cometbft/tendermint-rs").filter(([file]) => file.includes("/model_based"));
  let steps = 0;

  for (const [file, declared] of files) {
    const name = file.split("/").at(-1);
    const reason = DIVERGENCES.get(name);
    test(reason ? `${name}: judged otherwise: ${reason}` : name, () => {
      const judged = judge(readJson(file));
      steps += judged.length;
      const named = judged.map((step) => `h${step.height} ${step.declared}`).join("; ");
      assert.equal(`declared: ${named}`, declared, "as in INDEX.tsv");
      const differing = judged.filter((step) => spelled(step.verdict.status) !== step.declared);
      if (!reason) return assert.deepEqual(differing, []);
      assert(differing.length > 0, "no longer diverges as listed");
      for (const { verdict } of differing) assert.deepEqual(verdict, { status: "invalid", check: "header.version" });
    });
  }

  test("are 138 in 56 files", () => assert.deepEqual([files.length, steps], [56, 138]));

  test("go from answers of a real node to others", () => {
    const answer = (name, height) => readVector(`cometbft/live-038/${name}_${height}.json`).toString();
    const signed = (height) => answer("commit", height) + answer("validators", height);
    const go = (trusted, height) => {
      const texts = [trusted, signed(height), policy(CENTURY, "2030-01-01T00:00:00Z")];
      const { status, check } = npm.verifyLightStep("cometbft-0.38", ...texts);
      return check ?? status;
    };
    const step = (from, to) => go(signed(from) + answer("validators", from + 1), to);
    assert.equal(step(11, 12), "success");
    assert.equal(step(10, 30), "not-enough-trust");
    assert.equal(step(10, 99), "success");
    assert.equal(step(11, 10), "header.height");
    // The set changes at height 12: a trusted state without the new one is none.
    assert.throws(() => go(signed(11), 12), { code: "trusted", message: /header\.next-validators-hash/ });
  });

  const [{ initial, input: [{ block, now }] }] = files.slice(0, 1).map(([file]) => readJson(file));
  const trusted = { signed_header: initial.signed_header, validator_set: initial.next_validator_set };
  const step = (profile, ...texts) => () => npm.verifyLightStep(profile, ...texts);

  test("that make no sense are thrown with a code", () => {
    const [from, to] = [trusted, block].map((one) => JSON.stringify(one));
    assert.throws(step("cometbft-9", from, to, policy(initial, now)), { code: "profile" });
    assert.throws(step(PROFILE, from, to, "{}"), { code: "policy", line: 1 });
    assert.throws(step(PROFILE, "{}", to, policy(initial, now)), { code: "trusted" });
    assert.throws(step(PROFILE, from + to, to, policy(initial, now)), { code: "trusted" });
  });

  test("to what is no light block have a verdict all the same", () => {
    const to = (text) => step(PROFILE, JSON.stringify(trusted), text, policy(initial, now))();
    assert.deepEqual(to("{}"), { status: "invalid", check: "import.decoded" });
    const { status, code } = to('{ "error": { "code": -32603 } }');
    assert.deepEqual([status, code], ["inconclusive", "incomplete"]);
  });
});
