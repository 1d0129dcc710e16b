// The single files of vectors/cometbft through the shipped worker: the verdicts of INDEX.tsv, in the
// bytes that the command line writes.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { before, describe, test } from "node:test";

import { cli, nativeReport, withFolder } from "../support/cli.mjs";
import { NOT_VERIFIED, runs, singleFiles } from "../support/cometbft.mjs";
import { startWorker } from "../support/npm.mjs";
import { index, needs, opened, readVector, vectors } from "../support/vectors.mjs";

describe("single files", needs(vectors, cli), () => {
  let worker;
  before(async () => (worker = await startWorker()));

  const all = runs();

  /** Lays the files and answers of a run into one folder, and has both engines verify it. */
  const reports = ({ files, answers, anchor, policy }) =>
    withFolder(async (parent) => {
      const exported = path.join(parent, "export");
      await mkdir(exported);
      const write = (name, content) => writeFile(path.join(exported, name), content);
      for (const file of files) await write(file.replaceAll("/", "."), readVector(file));
      for (const [name, answer] of Object.entries(answers)) await write(`${name}.json`, JSON.stringify(answer));
      const text = policy && JSON.stringify(policy);
      worker.post({ type: "verify", run: 1, files: opened(exported), anchor, policy: text, limits: null });
      const { json } = await worker.answer();
      return { json, native: await nativeReport([exported], anchor, text) };
    });

  for (const run of all) {
    const others = run.files.filter((file) => file !== run.of).length;
    const also = [run.note, others > 0 && `with ${others} more`].filter(Boolean).join(", ");
    test(`${run.of}${also && ` (${also})`}: ${run.verdict.at(-1)}`, async () => {
      const { json, native } = await reports(run);
      const { verdict, counts } = JSON.parse(json);
      assert.deepEqual([verdict.status, verdict.code], run.verdict, verdict.reason);
      for (const [name, count] of Object.entries(run.counts)) assert.equal(counts[name], String(count), name);
      assert.equal(json, native, "the command line writes the same");
    });
  }

  test("each is in a run, with the verdict of the index", (t) => {
    const files = singleFiles();
    const said = index("cometbft").filter(([file]) => files.includes(file));
    assert.deepEqual(said.map(([file]) => file).sort(), files);
    const count = { valid: 0, rejected: 0, other: 0 };
    for (const [file, verdict] of said) {
      const held = all.filter((run) => run.of === file || run.files.includes(file));
      const statuses = held.map(({ verdict: [status] }) => status);
      assert(held.length > 0, file);
      if (verdict.startsWith("VALID")) {
        assert.equal(statuses.includes("verified"), !NOT_VERIFIED.has(file), file);
        count.valid += 1;
      } else if (verdict.startsWith("must be REJECTED")) {
        assert(statuses.every((status) => status === "rejected"), file);
        count.rejected += 1;
      } else {
        if (verdict.includes("must be refused")) assert(!statuses.includes("verified"), file);
        count.other += 1;
      }
    }
    for (const [file, reason] of NOT_VERIFIED) t.diagnostic(`${file}: ${reason}`);
    t.diagnostic(`${files.length} files in ${all.length} runs: ${JSON.stringify(count)}`);
    assert.deepEqual([files.length, all.length, count], [138, 128, { valid: 62, rejected: 9, other: 67 }]);
  });
});
