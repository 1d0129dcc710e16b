// The published vectors of proofs about trees through the shipped module: as verifier/tests/tree_vectors.rs judges them.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { binding } from "../support/npm.mjs";
import { index, needs, readVector, vectors } from "../support/vectors.mjs";

const FOLDER = "tlog/merkle-testdata";

/** Published as right, and refused: roots of twelve bytes, and what trees without leaves would show. */
const REFUSED = [
  "consistency/additional/sizes-are-equal-one-and-proof-is-empty.json",
  "subtreeconsistency/additional/sizes-are-equal-one-and-proof-is-empty.json",
  "subtreeconsistency/additional/subtree-is-empty-sizes-are-equal-zero-subtree-root-valid-proof-is-empty.json",
  "subtreeconsistency/additional/subtree-is-empty-sizes-are-equal-zero-subtree-root-valid-tree-root-random-proof-is-empty.json",
].map((name) => `${FOLDER}/${name}`);

/** Of each folder: vectors that are judged, those that are accepted, those of parts that begin after the first leaf. */
const GROUPS = {
  inclusion: [98, 6, 0],
  consistency: [98, 5, 0],
  subtreeinclusion: [204, 12, 0],
  subtreeconsistency: [102, 5, 16],
};

/** A vector; its numbers do not all fit into a double. */
function read(file) {
  const text = readVector(file).toString("utf8");
  const vector = JSON.parse(text.replace(/: (\d+)(,?)$/gm, ': "$1"$2'));
  const hash = (name) => Buffer.from(vector[name], "base64");
  const size = (name) => BigInt(vector[name]);
  const path = (vector.proof ?? []).map((part) => Buffer.from(part, "base64"));
  // Garbage of another length is no hash, whatever the lengths add up to.
  const isProof = path.every(({ length }) => length === 32);
  return { vector, hash, size, path: isProof ? Buffer.concat(path) : Buffer.alloc(1) };
}

describe("proofs about trees", needs(vectors), () => {
  let wasm;
  before(async () => {
    wasm = await binding();
  });

  /** `undefined` where it is about another kind of proof. */
  function judge(group, { vector, hash, size, path }) {
    if (group.endsWith("inclusion")) {
      const [start, end] = "start" in vector ? [size("start"), size("end")] : [0n, size("treeSize")];
      const at = size("leafIdx") - start;
      if (at < 0n || end < start) return false;
      return wasm.verifyInclusion(hash("leafHash"), at, end - start, path, hash("root"));
    }
    if ("start" in vector && size("start") > 0n) return undefined;
    const [before, after] = "start" in vector ? ["end", "size"] : ["size1", "size2"];
    return wasm.verifyConsistency(size(before), hash("root1"), size(after), hash("root2"), path);
  }

  const listed = index(FOLDER);

  test("all 518 are judged as published, or named", () => {
    assert.equal(listed.length, 518);
    const counts = Object.values(GROUPS).flatMap(([judged, , named]) => [judged, named]);
    assert.equal(counts.reduce((sum, count) => sum + count), 518);
  });

  for (const [group, expected] of Object.entries(GROUPS)) {
    test(`${group}: ${expected[1]} of ${expected[0]} are accepted`, () => {
      const counts = [0, 0, 0];
      for (const [file, verdict] of listed.filter(([file]) => file.startsWith(`${FOLDER}/${group}/`))) {
        const judged = judge(group, read(file));
        if (judged === undefined) {
          counts[2] += 1;
          continue;
        }
        assert.equal(judged, verdict === "VALID" && !REFUSED.includes(file), file);
        counts[0] += 1;
        counts[1] += Number(judged);
      }
      assert.deepEqual(counts, expected);
    });
  }

  test("what is no hash proves nothing", () => {
    const leaf = Buffer.alloc(32, 1);
    assert.equal(wasm.verifyInclusion(leaf, 0n, 1n, Buffer.alloc(0), leaf), true);
    assert.equal(wasm.verifyInclusion(leaf.subarray(1), 0n, 1n, Buffer.alloc(0), leaf.subarray(1)), false);
    assert.equal(wasm.verifyInclusion(leaf, 0n, 1n, Buffer.alloc(31), leaf), false);
    assert.equal(wasm.verifyConsistency(1n, leaf, 1n, leaf, Buffer.alloc(0)), true);
    assert.equal(wasm.verifyConsistency(0n, leaf, 1n, leaf, Buffer.alloc(0)), false);
    assert.equal(wasm.verifyConsistency(1n, leaf.subarray(1), 1n, leaf.subarray(1), Buffer.alloc(0)), false);
  });
});
