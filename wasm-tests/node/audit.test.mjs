// The audit in the shipped wasm: the same report, records and views, to the byte, as the command line's.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";

import { cli, native, nativeReport } from "../support/cli.mjs";
import { binding, root, startWorker } from "../support/npm.mjs";
import { needs } from "../support/vectors.mjs";

const generated = (name) => path.join(root, "www/generated", name);
const [ledgerFile, anchorFile, viewFile, policyFile] =
  ["hospital.vidimus", "hospital-anchor.txt", "regulator.view", "hospital-policy.toml"].map(generated);
const read = (file, encoding) => (existsSync(file) ? readFileSync(file, encoding) : undefined);
const [ledger, view] = [read(ledgerFile), read(viewFile)];
const [anchor, policy] = [read(anchorFile, "utf8"), read(policyFile, "utf8")];

/** Lines of JSON as objects. */
const objects = (text) => text.split("\n").filter(Boolean).map((line) => JSON.parse(line));

describe("the binding", needs(ledgerFile), () => {
  let npm;
  before(async () => (npm = await binding()));

  const start = (by = anchor) => new npm.Verification(by, undefined, undefined, "snapshot");

  /** Verifies the ledger with an audit to its conclusion. */
  const conclude = (auditPolicy, viewing, by = anchor) => {
    const v = start(by).withAudit(auditPolicy, viewing);
    for (let at = 0; at < ledger.length; v.dischargeInline()) at += v.feed(ledger.subarray(at)).consumed;
    while (!v.end()) v.dischargeInline();
    v.dischargeInline();
    return v.conclude();
  };

  for (const [name, auditPolicy, viewing] of [
    ["without either", undefined, undefined],
    ["with a viewing file", undefined, view],
    ["with a viewing file and an audit policy", policy, view],
  ]) {
    test(`gives the report of the command line: ${name}`, needs(cli), async () => {
      const options = [...(viewing ? ["--view", viewFile] : []), ...(auditPolicy ? ["--audit-policy", policyFile] : [])];
      const { report } = conclude(auditPolicy, viewing);
      const { verdict, audit } = JSON.parse(report);
      assert.equal(verdict.status, "verified");
      assert.equal(Number(audit.viewed_subjects) > 0, viewing !== undefined);
      assert.equal(audit.policy_sha256 !== null, auditPolicy !== undefined);
      assert.equal(report, await nativeReport([ledgerFile], anchorFile, null, options));
    });
  }

  test("a second pass gives the records and findings, in chunks of every size", needs(cli), async () => {
    const conclusion = conclude();
    const printed = await native("records", ledgerFile, "--anchor", anchorFile);
    for (const chunk of [997, ledger.length]) {
      const pass = conclusion.secondPass();
      let [records, findings] = ["", ""];
      for (let at = 0; at < ledger.length; at += chunk) {
        pass.feed(ledger.subarray(at, at + chunk));
        records += pass.takeRecords();
        findings += pass.takeFindings();
      }
      pass.finish();
      records += pass.takeRecords();
      findings += pass.takeFindings();
      assert.equal(records, printed);
      assert.deepEqual(Object.keys(objects(records)[0]), ["network"]);
      const listed = JSON.parse(conclusion.report).audit.findings;
      const byPlace = (a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b));
      assert.deepEqual(objects(findings).sort(byPlace), listed.sort(byPlace));
      assert(listed.length > 0);
    }
  });

  test("views are those of the command line", needs(cli), async () => {
    const pass = conclude(undefined, view).secondPass();
    const collector = new npm.ViewCollector(view);
    pass.feed(ledger);
    collector.take(pass);
    pass.finish();
    collector.take(pass);
    const json = collector.finish();
    const printed = await native("who", ledgerFile, "--anchor", anchorFile, "--view", viewFile, "--format", "json");
    assert.equal(json, printed);
    assert(JSON.parse(json).events.some(({ own }) => own));
  });

  test("the example of the README runs, and gives the same views", needs(cli), async () => {
    const readme = readFileSync(path.join(root, "verifier/npm/README.md"), "utf8");
    const [, example] = readme.match(/```js\n(.*?)```/s);
    const body = example.replace(/^import .*\nawait init.*\n/, "");
    assert.notEqual(body, example);
    const names = ["Verification", "ViewCollector", "anchor", "bytes", "auditPolicy", "view"];
    const run = new Function(...names, `${body} return { verdict, audit, views };`);
    const { verdict, audit, views } = run(npm.Verification, npm.ViewCollector, anchor, ledger, policy, view);
    assert.equal(verdict.status, "verified");
    assert(audit.findings.length > 0);
    const options = ["--anchor", anchorFile, "--view", viewFile, "--audit-policy", policyFile];
    assert.deepEqual(views, JSON.parse(await native("who", ledgerFile, ...options, "--format", "json")));
  });

  test("a second pass over other bytes is an error", () => {
    const pass = conclude(undefined, view).secondPass();
    const changed = Uint8Array.from(ledger);
    changed[changed.length >> 1] ^= 1;
    pass.feed(changed);
    assert.throws(() => pass.finish(), { code: "changed" });
    const cut = conclude(undefined, view).secondPass();
    cut.feed(ledger.subarray(0, -1));
    assert.throws(() => cut.finish(), { code: "changed" });
  });

  test("there is no second pass over what is not trusted", () => {
    const conclusion = conclude(undefined, view, "");
    assert.equal(JSON.parse(conclusion.report).verdict.code, "unanchored");
    assert.equal(conclusion.secondPass(), undefined);
  });

  test("wrong use is thrown with a code, and with the place", () => {
    assert.throws(() => start().withAudit("[masses]"), { code: "audit-policy", place: "line 1, column 2" });
    assert.throws(() => start().withAudit(undefined, new Uint8Array(3)), { code: "viewing-file" });
    assert.throws(() => new npm.ViewCollector(view.subarray(1)), { code: "viewing-file" });
  });

  test("the catalogue names every violation of a report, in sentences", () => {
    const { audit } = JSON.parse(conclude().report);
    const catalogue = npm.violations();
    const named = ({ id, severity, heuristic }) => ({ id, severity, heuristic });
    const inOrder = (list) => list.map(named).sort((a, b) => (a.id < b.id ? -1 : 1));
    assert.deepEqual(inOrder(catalogue), inOrder(audit.violations));
    for (const { id, title, happened, matters, lawful, notProven } of catalogue) {
      for (const sentence of [title, happened, matters, lawful, notProven]) assert.match(sentence, /\w/, id);
    }
  });

  test("codes have words", () => {
    const words = (system, code) => npm.codes().find((one) => one.system === system && one.code === code)?.words;
    assert.equal(words("purpose", "TREAT"), "treatment");
    assert.equal(words("class", "MedicationRequest"), "medication request");
  });
});

describe("the worker", needs(ledgerFile), () => {
  let worker;
  before(async () => (worker = await startWorker()));

  const file = (name, bytes) => new File([bytes], name);
  const files = [{ path: "hospital.vidimus", file: file("hospital.vidimus", ledger) }];
  const verify = (run, audit, others = files) =>
    worker.post({ type: "verify", run, files: others, anchor, policy: null, limits: null, audit });

  test("gives the report, then the views", needs(cli), async () => {
    verify(1, { policy: file("audit.toml", policy), view: file("audit.view", view) });
    const report = await worker.answer();
    assert.deepEqual([report.type, report.viewing], ["report", true]);
    assert.notEqual(JSON.parse(report.json).audit.policy_sha256, null);
    const views = await worker.answer();
    assert.deepEqual([views.type, views.run], ["views", 1]);
    const options = ["--anchor", anchorFile, "--view", viewFile, "--audit-policy", policyFile];
    const printed = await native("who", ledgerFile, ...options, "--format", "json");
    assert.equal(views.json, printed);
  });

  test("gives no views without a viewing file, and none of what is not trusted", async () => {
    verify(2, { policy: null, view: null });
    assert.equal((await worker.answer()).viewing, false);
    const other = { path: "x", file: file("x", ledger.subarray(0, -1)) };
    verify(3, { policy: null, view: file("audit.view", view) }, [other]);
    const report = await worker.answer();
    assert.deepEqual([report.viewing, JSON.parse(report.json).verdict.status], [false, "rejected"]);
  });

  test("refuses what is no viewing file and no audit policy, and goes on", async () => {
    const code = async (audit) => {
      verify(4, audit);
      return (await worker.answer()).error.code;
    };
    assert.equal(await code({ policy: null, view: file("v", "no") }), "viewing-file");
    assert.equal(await code({ policy: file("p", "regimes = 1"), view: null }), "audit-policy");
    assert.equal(await code({ policy: file("p", Uint8Array.of(0xff)), view: null }), "audit-policy");
    verify(5, null);
    assert.equal((await worker.answer()).type, "report");
  });

  /** The ledger as a file whose slices `read` gives, by how often it was read. */
  const reading = (read) => {
    const [{ file: good }] = files;
    let reads = 0;
    const slice = (...range) => ({ arrayBuffer: () => read((reads += 1), good.slice(...range)) });
    return [{ path: "a", file: { size: good.size, lastModified: good.lastModified, slice } }];
  };
  const audit = { policy: null, view: file("audit.view", view) };

  // The first pass reads three times: the head, the whole, the last byte.
  test("a file that changes before the second pass leaves the report and gives no views", async () => {
    verify(6, audit, reading(async (reads, blob) => {
      const bytes = await blob.arrayBuffer();
      if (reads > 3) new Uint8Array(bytes)[bytes.byteLength >> 1] ^= 1;
      return bytes;
    }));
    assert.equal(JSON.parse((await worker.answer()).json).verdict.status, "verified");
    const answer = await worker.answer();
    assert.deepEqual([answer.type, answer.error.code], ["no-views", "changed"]);
  });

  test("the second pass stops when told to, and the report stays", async () => {
    verify(7, audit, reading(async (reads, blob) => {
      if (reads > 3) await new Promise((resolve) => setTimeout(resolve, 200));
      return blob.arrayBuffer();
    }));
    assert.equal(JSON.parse((await worker.answer()).json).verdict.status, "verified");
    const progress = await worker.next();
    assert.deepEqual([progress.type, progress.phase], ["progress", "again"]);
    worker.post({ type: "cancel", run: 7 });
    const answer = await worker.answer();
    assert.deepEqual([answer.type, answer.error.code], ["no-views", "cancelled"]);
  });
});
