// The shipped wasm over samples: the same report, to the byte, as the command line writes.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";

import { cli, nativeReport, withFolder } from "../support/cli.mjs";
import { binding, root, startWorker } from "../support/npm.mjs";
import { LIVE, needs, opened } from "../support/vectors.mjs";

const samples = path.join(root, "www/generated");
const sample = (name) => readFileSync(path.join(samples, name));

/** Feeds `chunk` bytes at a time and verifies signatures on the way. */
function verify(v, bytes, chunk = bytes.length) {
  const discharge = ({ verifyBatch }) => {
    for (let batch = v.nextBatch(); batch; batch = v.nextBatch()) assert(v.discharge(verifyBatch(batch)));
  };
  return (npm) => {
    for (let at = 0; at < bytes.length; ) {
      at += v.feed(bytes.subarray(at, at + chunk)).consumed;
      discharge(npm);
    }
    while (!v.end()) discharge(npm);
    discharge(npm);
    return v.finish();
  };
}

describe("a container", needs(samples), () => {
  let npm;
  before(async () => (npm = await binding()));

  const report = (file, anchorFile, chunk) => {
    const v = new npm.Verification(sample(anchorFile).toString(), undefined, undefined, "snapshot");
    return verify(v, sample(file), chunk)(npm);
  };

  test("that is intact is verified", () => {
    const { verdict, counts } = JSON.parse(report("good.vidimus", "anchor.txt"));
    assert.equal(verdict.status, "verified");
    assert.equal(counts.blocks, "64");
  });

  test("with one bit flipped is rejected, and the report says where", () => {
    const { verdict } = JSON.parse(report("flipped.vidimus", "anchor.txt"));
    assert.equal(verdict.status, "rejected");
    assert(verdict.locus);
  });

  test("that is cut off is rejected for its end", () => {
    const { verdict } = JSON.parse(report("truncated.vidimus", "anchor.txt"));
    assert.deepEqual([verdict.status, verdict.code], ["rejected", "snapshot.complete"]);
  });

  test("of another ledger than the anchor's is rejected for its hash", () => {
    const { verdict } = JSON.parse(report("good.vidimus", "wrong-anchor.txt"));
    assert.deepEqual([verdict.status, verdict.code], ["rejected", "anchor.header-hash"]);
  });

  test("gives the same report in chunks of every size", () => {
    const whole = report("good.vidimus", "anchor.txt");
    for (const chunk of [997, 65_536]) assert.equal(report("good.vidimus", "anchor.txt", chunk), whole);
  });

  for (const [file, anchor] of [
    ["good.vidimus", "anchor.txt"],
    ["flipped.vidimus", "anchor.txt"],
    ["truncated.vidimus", "anchor.txt"],
    ["good.vidimus", "wrong-anchor.txt"],
  ]) {
    test(`gives the report of the command line: ${file} with ${anchor}`, needs(cli), async () => {
      const native = await nativeReport([path.join(samples, file)], path.join(samples, anchor));
      assert.equal(report(file, anchor), native);
    });
  }
});

describe("wrong use", () => {
  let npm;
  before(async () => (npm = await binding()));

  const start = (anchor, policy, limits, kind = "snapshot") => () =>
    new npm.Verification(anchor, policy, limits, kind);

  test("is thrown with a code, and with the place", () => {
    assert.throws(start("\nx"), { code: "anchor", line: 2 });
    assert.throws(start("", "{"), { code: "policy", line: 1 });
    assert.throws(start("", undefined, '{"x": 1}'), { code: "limits", line: 1 });
    assert.throws(start("", undefined, undefined, "zip"), { code: "kind" });
    assert.throws(() => start("")().abandon("bored"), { code: "reason" });
    assert.throws(() => npm.parseAnchor("cometbft-9/c/1/00"), { code: "anchor", line: 1 });
  });

  test("an anchor text is read as it is written", () => {
    const line = `cometbft-0.38/a%2Fb/7/${"AB".repeat(32)}`;
    assert.deepEqual(npm.parseAnchor(`# note\n${line.toLowerCase()}`), {
      lines: [line.replace("%2f", "%2F")],
      anchors: [{ profile: "cometbft-0.38", chainId: "a/b", height: "7", headerHash: "AB".repeat(32) }],
      conflict: null,
    });
  });

  test("the catalogue names every check of a report", () => {
    const report = JSON.parse(start("")().abandon("cancelled"));
    assert.deepEqual(npm.checks().map(({ id }) => id), report.checks.map(({ id }) => id));
    assert.equal(report.verdict.code, "cancelled");
  });
});

describe("the worker", needs(samples), () => {
  let worker;
  before(async () => (worker = await startWorker()));

  const file = (name) => ({ path: name, file: new File([sample(name)], name) });
  const run = (files, anchor, number = 1) => {
    worker.post({ type: "verify", run: number, files, anchor, policy: null, limits: null });
    return worker.answer();
  };

  test("reports", async () => {
    const answer = await run([file("good.vidimus")], sample("anchor.txt").toString(), 7);
    assert.deepEqual([answer.type, answer.run], ["report", 7]);
    assert.equal(JSON.parse(answer.json).verdict.status, "verified");
  });

  test("refuses what makes no sense, and goes on", async () => {
    const code = async (...request) => (await run(...request)).error.code;
    assert.equal(await code([], ""), "empty");
    assert.equal(await code([file("good.vidimus")], "x"), "anchor");
    assert.equal(await code([file("good.vidimus"), file("anchor.txt")], ""), "mixed");
    assert.equal((await run([file("good.vidimus")], "")).type, "report");
  });

  test("says that a file changed while it was read", async () => {
    const { file: good } = file("good.vidimus");
    let reads = 0;
    const changing = {
      size: good.size,
      lastModified: good.lastModified,
      slice: (...range) => ((reads += 1) > 2 ? { arrayBuffer: async () => { throw new DOMException("", "NotReadableError"); } } : good.slice(...range)),
    };
    const { json } = await run([{ path: "a", file: changing }], sample("anchor.txt").toString());
    const { verdict } = JSON.parse(json);
    assert.deepEqual([verdict.status, verdict.code], ["inconclusive", "changed-file"]);
  });

  test("stops when told to", async () => {
    const { file: good } = file("good.vidimus");
    const slow = {
      size: good.size,
      lastModified: good.lastModified,
      slice: (...range) => ({ arrayBuffer: async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return good.slice(...range).arrayBuffer();
      } }),
    };
    worker.post({ type: "verify", run: 9, files: [{ path: "a", file: slow }], anchor: "", policy: null, limits: null });
    worker.post({ type: "cancel", run: 9 });
    const { verdict } = JSON.parse((await worker.answer()).json);
    assert.deepEqual([verdict.status, verdict.code], ["inconclusive", "cancelled"]);
  });

  test("gives up for another one", async () => {
    worker.post({ type: "give-up", run: 3, reason: "engine", anchor: "", policy: null, limits: null });
    const { verdict } = JSON.parse((await worker.answer()).json);
    assert.deepEqual([verdict.status, verdict.code], ["inconclusive", "engine"]);
  });

  // Two files that contradict each other: the report names the second one.
  for (const names of [["node", "node-2"], ["node", "node.json"], ["\uFF21", "\u{1F600}"]]) {
    test(`reads folders in the order of the command line: ${names.join(", ")}`, needs(cli), () =>
      withFolder(async (folder) => {
        names.forEach((name, year) => {
          mkdirSync(path.join(folder, name));
          const genesis = { chain_id: "c", genesis_time: `200${year}-01-01T00:00:00Z` };
          writeFileSync(path.join(folder, name, "genesis.json"), JSON.stringify(genesis));
        });
        const { json } = await run(opened(folder), "");
        assert.equal(JSON.parse(json).verdict.code, "import.consistent");
        assert.equal(json, await nativeReport([folder], ""));
      }));
  }

  for (const chain of LIVE) {
    const anchor = `${chain.profile}/${chain.anchor}`;

    test(`verifies the export of a real node: ${chain.name}`, needs(chain.folder, cli), async () => {
      const answer = await run(opened(chain.folder), anchor);
      const report = JSON.parse(answer.json);
      assert.equal(report.verdict.status, "verified");
      for (const [name, count] of Object.entries(chain.counts)) assert.equal(report.counts[name], count, name);
      assert.equal(answer.json, await nativeReport([chain.folder], anchor), "the command line writes the same");
    });

    test(`does not verify it by a mistyped anchor: ${chain.name}`, needs(chain.folder), async () => {
      const mistyped = anchor.slice(0, -1) + (anchor.endsWith("0") ? "1" : "0");
      assert.notEqual(JSON.parse((await run(opened(chain.folder), mistyped)).json).verdict.status, "verified");
    });
  }
});
