// A document that the scenario anchors, and the proof that its custodian hands out with it: by
// docs/anchor-trees.md, and not by the library's code.
import { createHash } from "node:crypto";

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();

/** The salted digest of a document. */
export const saltedDigest = (salt, content) => sha256("vidimus/document/1\0", salt, content);

/** What the scenario of a seed draws under a label (node/src/scenario/terms.rs). */
const drawn = (seed, label, number) => sha256(`vidimus scenario ${seed} ${label} ${number}`);

const rotated = (bytes, by) => Buffer.concat([bytes.subarray(by), bytes.subarray(0, by)]);

function padding(index) {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(index));
  return Buffer.concat([Buffer.from("vidimus/padding/1\0"), number]);
}

/** The hashes of a tree of digests, level by level from the leaves up. */
function levels(digests) {
  let width = 2;
  while (width < digests.length) width *= 2;
  const leaves = Array.from({ length: width }, (_, index) => digests[index] ?? padding(index));
  const all = [leaves.map((leaf) => sha256(Buffer.of(0), leaf))];
  for (let level = all[0]; level.length > 1; all.push(level)) {
    const pairs = Array.from({ length: level.length / 2 }, (_, index) => level.slice(2 * index, 2 * index + 2));
    level = pairs.map(([left, right]) => sha256(Buffer.of(1), left, right));
  }
  return all;
}

const bytes32 = (bytes) => Buffer.concat([Buffer.of(0x58, 32), bytes]);

/** The proof file of a small tree. */
function proofFile(salt, index, leafCount, tree) {
  const siblings = tree.slice(0, -1).map((level, depth) => level[(index >> depth) ^ 1]);
  return Buffer.concat([
    Buffer.of(0x86, 0x76), Buffer.from("vidimus/anchor-proof/1"), Buffer.of(leafCount, index), bytes32(salt),
    Buffer.of(0x80 + siblings.length), ...siblings.map(bytes32), bytes32(tree.at(-1)[0]),
  ]);
}

/** Draws of the scenario that are looked through for the salt of a batch. */
const MOST = 100_000;

/**
 * The last reading of one of the batches that `anchors` are about, records as `vidimus records` prints them
 * of the scenario of a seed: `{ anchor, index, content, salt, proof }`.
 */
export function anchoredReading(seed, anchors) {
  const counts = anchors.map(({ record }) => record.leaf_count);
  const leafCount = Math.min(...counts);
  const small = anchors.filter((_, at) => counts[at] === leafCount);
  const contents = Array.from({ length: leafCount }, (_, number) => drawn(seed, "reading", number));
  for (let draw = 1; draw <= MOST; draw += 1) {
    const salts = contents.map((_, number) => rotated(drawn(seed, "salt", draw), number % 32));
    const tree = levels(contents.map((content, number) => saltedDigest(salts[number], content)));
    const root = tree.at(-1)[0].toString("hex").toUpperCase();
    const anchor = small.find(({ record }) => record.root === root);
    const index = leafCount - 1;
    if (anchor) {
      const [content, salt] = [contents[index], salts[index]];
      return { anchor, index, content, salt, proof: proofFile(salt, index, leafCount, tree) };
    }
  }
  throw new Error("the scenario draws its batches in another way");
}
