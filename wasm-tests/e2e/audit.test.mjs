// The audit in the portal: findings, links to them, and who opened a record.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { cp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { AxeBuilder } from "@axe-core/playwright";

import { cli, native, nativeReport, withFolder } from "../support/cli.mjs";
import { root } from "../support/npm.mjs";
import { activeWorker, open, pagesOf, readVerdict, screenshots, settled } from "../support/portal.mjs";
import { needs } from "../support/vectors.mjs";

const generated = (name) => path.join(root, "www/generated", name);
const [ledger, anchorFile, view, regulator, policyFile] =
  ["hospital.vidimus", "hospital-anchor.txt", "patient.view", "regulator.view", "hospital-policy.toml"].map(generated);
const altered = generated("hospital-flipped.vidimus");
const anchor = readFileSync(anchorFile, "utf8");

/** Findings of a violation that are shown before more are asked for. */
const FIRST = 10;

let portal;
before(async () => (portal = await open()));
after(() => portal?.close());

const withPage = pagesOf(() => portal);

/** Chooses the ledger and its anchor, and perhaps a viewing file, and verifies. */
async function verify(page, { file = ledger, viewing = null, policy = null } = {}) {
  await page.setInputFiles("#files", file);
  await page.getByLabel("Trust anchor").fill(anchor);
  if (viewing) await page.setInputFiles("#view", viewing);
  if (policy) await page.setInputFiles("#policy", policy);
  await page.getByRole("button", { name: "Verify", exact: true }).click();
}

/** The viewing file of one pseudonym out of the regulator's. */
const viewOf = async (subject) => {
  const lines = (await readFile(regulator, "utf8")).split(/(?<=\n)/);
  return lines.filter((line) => !/^[0-9A-F]{64} /.test(line) || line.startsWith(subject)).join("");
};

const views = async (viewing) =>
  JSON.parse(await native("who", ledger, "--anchor", anchorFile, "--view", viewing, "--format", "json"));

const who = async (viewing) => (await views(viewing)).events;

const savedReport = async (page) => {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: /Download/ }).click();
  return readFile(await (await download).path(), "utf8");
};

const accesses = (page) => page.locator("table.accesses tbody tr");

/** The findings that the report lists, as the command line says them. */
async function reported(...options) {
  return JSON.parse(await nativeReport([ledger], anchorFile, null, options)).audit;
}

/** The findings of each violation. */
const grouped = (findings) =>
  [...new Set(findings.map(({ id }) => id))].map((id) => findings.filter((finding) => finding.id === id));

/** How many of them the page shows at first. */
const shownOf = (findings) => grouped(findings).reduce((sum, { length }) => sum + Math.min(length, FIRST), 0);

describe("findings", () => {
  test("are those of the report, in the bytes of the command line", needs(cli), withPage(async (page) => {
    await settled(page);
    await verify(page);
    assert.equal(await readVerdict(page), "Verified");
    const { findings, violations } = await reported();
    assert.equal(await page.locator(".finding").count(), shownOf(findings));
    const ids = await page.locator(".finding details").evaluateAll((all) => all.map(({ id }) => id));
    assert.equal(new Set(ids).size, ids.length, "each has an address of its own");
    assert.equal(await page.locator(".looked-for tbody tr").count(), violations.length);
    const skipped = violations.filter(({ outcome }) => outcome === "skip").length;
    assert.equal(await page.locator(".looked-for tr.skip").count(), skipped);
    const total = violations.reduce((sum, { count }) => sum + Number(count), 0);
    await page.locator(".verdict").getByText(`is lawful is another question: the audit has ${total} findings`).waitFor();
    assert.equal(await savedReport(page), await nativeReport([ledger], anchorFile));
    assert.equal(await page.locator(".who").count(), 0, "no list is promised without a viewing file");
    assert.deepEqual(page.requests, [], "nothing is asked of any network");
    assert.deepEqual(page.complaints, []);
  }));

  test("say what happened, and open to all that is known", needs(cli), withPage(async (page) => {
    await verify(page);
    await readVerdict(page);
    const finding = (await reported()).findings.find(({ id }) => id === "V10");
    const item = page.locator(`#finding-V10-${finding.height}-${finding.index}`);
    const body = item.locator("dl");
    assert(!(await body.isVisible()));
    await item.locator("summary").click();
    const text = await item.textContent();
    for (const part of ["physician", finding.custodian, "gave no reason", "Why it matters", "What would be lawful",
      "What it does not prove", finding.record, `block ${finding.height}, transaction ${finding.index}, byte`]) {
      assert(text.includes(part), `${part} in ${text}`);
    }
    assert(await body.isVisible());
    assert(!text.includes("{") && !text.includes("?"), text);
  }));

  test("are filtered by severity and by violation", needs(cli), withPage(async (page) => {
    await verify(page);
    await readVerdict(page);
    const { findings, violations } = await reported();
    const shown = () => page.locator(".finding").count();
    const severity = Object.fromEntries(violations.map((entry) => [entry.id, entry.severity]));
    await page.getByLabel("Severity", { exact: true }).selectOption("medium");
    assert.equal(await shown(), shownOf(findings.filter(({ id }) => severity[id] === "medium")));
    await page.getByLabel("Violation", { exact: true }).selectOption("V10");
    assert.equal(await shown(), 0);
    await page.getByText("No finding is both").waitFor();
    await page.getByLabel("Severity", { exact: true }).selectOption("");
    assert.equal(await shown(), findings.filter(({ id }) => id === "V10").length);
  }));

  test("beyond the limit are counted, and the page says how many it lists", withPage(async (page) => {
    // A worker that says more than the page may show, as of a great ledger.
    await (await activeWorker(page)).evaluate(`{
      const report = Run.prototype.report;
      Run.prototype.report = async function () {
        const told = JSON.parse(await report.call(this));
        const { violations, findings } = told.audit;
        violations.find(({ id }) => id === "V11").count = "12345";
        const one = findings.find(({ id }) => id === "V11");
        for (let i = 0; i < 40; i += 1) findings.push({ ...one, height: String(100 + i) });
        return JSON.stringify(told);
      };
    }`);
    await verify(page);
    await readVerdict(page);
    const group = page.locator(".violation", { has: page.locator("#violation-V11") });
    await group.getByText(/First \d\d listed of 12\u202f345\./).waitFor();
    assert.equal(await group.locator(".finding").count(), 10);
    await group.getByRole("button", { name: /Show \d+ more/ }).click();
    assert((await group.locator(".finding").count()) > 40);
    assert.equal(await group.getByRole("button", { name: /Show/ }).count(), 0);
  }));

  test("a link opens its finding, and scrolls to it", needs(cli), withPage(async (page) => {
    // The last of the most frequent violation, which is not shown until it is asked for.
    const [group] = grouped((await reported()).findings).sort((a, b) => b.length - a.length);
    assert(group.length > FIRST);
    const { id, height, index } = group.at(-1);
    await page.evaluate((hash) => (location.hash = hash), `#/finding/${id}/${height}/${index}`);
    await page.getByText("The address of this page points to a finding").waitFor();
    await verify(page);
    await readVerdict(page);
    const item = page.locator(`#finding-${id}-${height}-${index}`);
    await item.locator("dl").waitFor();
    assert.equal(await item.locator("dl").isVisible(), true);
    await page.waitForFunction((selector) => {
      const { top, bottom } = document.querySelector(selector).getBoundingClientRect();
      return top >= 0 && top < innerHeight && bottom > 0;
    }, `#finding-${id}-${height}-${index} summary`);
    const link = item.getByRole("link", { name: "Link to this finding" });
    assert.equal(await link.getAttribute("href"), `#/finding/${id}/${height}/${index}`);
    await page.evaluate(() => (location.hash = "#/finding/V11/999/0"));
    await page.getByText("which this report does not list").waitFor();
  }));
});

describe("who opened the record", () => {
  test("is listed with a viewing file, in the bytes of the command line", needs(cli), withPage(async (page) => {
    await settled(page);
    await verify(page, { viewing: view });
    assert.equal(await readVerdict(page), "Verified");
    await accesses(page).first().waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), "verdict", "focus stays at the verdict");
    const events = await who(view);
    const latestFirst = events.toReversed();
    assert.equal(await accesses(page).count(), events.length);
    for (const [at, event] of latestFirst.entries()) {
      const text = await accesses(page).nth(at).textContent();
      for (const part of [event.record, event.organization, ...event.permitted_by, ...event.findings]) {
        assert(text.includes(part), `${part} in ${text}`);
      }
    }
    await page.getByText(/This list is complete for blocks 1 to \d+/).waitFor();
    await page.getByText(/Not in it: what stands in other blocks/).waitFor();
    await page.getByText(/was opened for the 2 pseudonyms of the viewing file\. In all other records nothing/).waitFor();
    assert.equal(await savedReport(page), await nativeReport([ledger], anchorFile, null, ["--view", view]));
    assert.deepEqual(page.requests, [], "nothing is asked of any network");
    assert.deepEqual(page.complaints, []);
  }));

  test("marks the patient's own, and names the person all the same", needs(cli), withPage((page) => withFolder(async (folder) => {
    const viewing = path.join(folder, "one.view");
    const { subject } = (await who(regulator)).find(({ own }) => own);
    await writeFile(viewing, await viewOf(subject));
    await verify(page, { viewing });
    await accesses(page).first().waitFor();
    const events = (await who(viewing)).toReversed();
    const own = events.map((event) => event.own);
    assert(own.includes(true));
    const rows = await accesses(page).evaluateAll((all) => all.map((row) => row.textContent));
    const recorded = "recorded by the hospital as you or somebody for you";
    assert.deepEqual(rows.map((text) => text.includes(recorded)), own);
    for (const [at, { person }] of events.entries()) assert(rows[at].includes(person.slice(0, 8)), person);
  })));

  test("of several patients is not told as if to one, and comes in parts", needs(cli), withPage(async (page) => {
    await verify(page, { viewing: regulator });
    await accesses(page).first().waitFor();
    assert(!/\byour?\b/i.test(await page.locator("table.accesses").textContent()));
    const { length } = await who(regulator);
    assert(length > 50);
    assert.equal(await accesses(page).count(), 50);
    await page.getByRole("button", { name: `Show ${length - 50} more` }).click();
    assert.equal(await accesses(page).count(), length);
  }));

  test("has below it what else is found about the patients, once", needs(cli), withPage(async (page) => {
    await verify(page, { viewing: regulator });
    const also = page.locator("section.also");
    await also.getByRole("heading", { name: "Also about these patients" }).waitFor();
    const { events, other_findings: others } = await views(regulator);
    assert(others.length > 0 && others.length <= 50, "all are shown at first");
    const items = await also.locator("li").evaluateAll((all) => all.map((item) => item.textContent));
    assert.equal(items.length, others.length);
    for (const [at, { id, record }] of others.toReversed().entries()) {
      assert(items[at].includes(id) && items[at].includes(record), `${id} in ${items[at]}`);
      assert(!items[at].includes("{") && !items[at].includes("?"), items[at]);
    }
    const place = ({ height, index }) => `${height}/${index}`;
    const places = new Set(events.map(place));
    assert(others.every((finding) => !places.has(place(finding))), "nothing is listed twice");
    assert(others.some(({ id }) => id === "V31"));
    await also.getByRole("link").first().click();
    const id = new URL(page.url()).hash.replace("#/", "#").replaceAll("/", "-");
    await page.locator(`${id} dl`).waitFor();
  }));

  test("stands in a sample, one click away", needs(cli), withPage(async (page) => {
    await page.getByRole("button", { name: /^Audited(?!,)/ }).click();
    assert.equal(await readVerdict(page), "Verified");
    await accesses(page).first().waitFor();
    assert.equal(await savedReport(page), await nativeReport([ledger], anchorFile, null, ["--view", view]));
    await page.getByRole("button", { name: /^Audited, altered/ }).click();
    await page.getByText("The viewing file was not used").waitFor();
    assert.equal(await readVerdict(page), "Rejected");
    assert.equal(await savedReport(page), await nativeReport([altered], anchorFile, null, ["--view", view]));
    await page.getByRole("button", { name: /^Intact/ }).click();
    await readVerdict(page);
    assert.equal(await page.locator(".who").count(), 0, "its viewing file is not used for another ledger");
  }));

  for (const [name, file, anchorOf, code, place] of [
    ["altered", "hospital-flipped.vidimus", "hospital-anchor.txt", null, /^block \d+, /],
    ["cut short", "hospital-truncated.vidimus", "hospital-anchor.txt", "snapshot.complete", null],
    ["wrong decision", "hospital-forged.vidimus", "hospital-forged-anchor.txt", "contract.results", /^block \d+, block\.txs\[\d+\], byte/],
    ["foreign anchor", "hospital.vidimus", "hospital-forged-anchor.txt", "anchor.header-hash", /^block \d+, header, byte/],
  ]) {
    test(`is kept back where the ledger is not what it should be: ${name}`, needs(cli), withPage(async (page) => {
      await page.getByRole("button", { name: new RegExp(`^Audited, ${name}`) }).click();
      assert.equal(await readVerdict(page), "Rejected");
      if (code) assert.equal(await page.locator(".verdict code").first().textContent(), code);
      if (place) assert.match(await page.locator(".verdict dd").nth(1).textContent(), place);
      assert.equal(await page.locator(".audit, table.accesses").count(), 0);
      const native = await nativeReport([generated(file)], generated(anchorOf), null, ["--view", view]);
      assert.equal(await savedReport(page), native);
      assert.deepEqual(page.complaints, []);
    }));
  }

  test("leads to the findings", withPage(async (page) => {
    await verify(page, { viewing: view });
    await page.locator("table.accesses a").first().click();
    const id = new URL(page.url()).hash.replace("#/", "#").replaceAll("/", "-");
    await page.locator(`${id} dl`).waitFor();
    assert(await page.locator(`${id} summary`).evaluate((summary) => summary === document.activeElement));
  }));

  test("is not promised of a ledger that is not verified", withPage(async (page) => {
    await page.setInputFiles("#files", ledger);
    await page.setInputFiles("#view", view);
    await page.getByRole("button", { name: "Verify", exact: true }).click();
    assert.equal(await readVerdict(page), "Could not be determined");
    await page.getByText("The viewing file was not used").waitFor();
    assert.equal(await accesses(page).count(), 0);
  }));

  test("a file that is no viewing file is refused in words, and can be removed", withPage(async (page) => {
    await verify(page, { viewing: anchorFile });
    await page.getByText(/This is no viewing file/).waitFor();
    await page.getByRole("button", { name: "Remove hospital-anchor.txt" }).click();
    await page.getByRole("button", { name: "Verify", exact: true }).click();
    assert.equal(await readVerdict(page), "Verified");
  }));

  test("an audit policy is part of the report, and one that is none is refused", needs(cli), withPage((page) =>
    withFolder(async (folder) => {
      const bad = path.join(folder, "bad.toml");
      await writeFile(bad, "[masses]\n");
      await verify(page, { policy: bad });
      await page.getByText(/This is no audit policy, line 1, column 2/).waitFor();
      await verify(page, { policy: policyFile });
      assert.equal(await readVerdict(page), "Verified");
      assert.equal(await savedReport(page), await nativeReport([ledger], anchorFile, null, ["--audit-policy", policyFile]));
    })));

  test("a file that changes after the verdict gives no list, and the verdict stays", withPage((page) =>
    withFolder(async (folder) => {
      const file = path.join(folder, "a.vidimus");
      await cp(ledger, file);
      await (await activeWorker(page)).evaluate(`{
        const views = Run.prototype.views;
        Run.prototype.views = async function () {
          await new Promise((resolve) => setTimeout(resolve, 700));
          return views.call(this);
        };
      }`);
      await verify(page, { file, viewing: view });
      assert.equal(await readVerdict(page), "Verified");
      await writeFile(file, Buffer.concat([await readFile(file), Buffer.of(0)]));
      await page.getByText(/A file changed after it was verified/).waitFor();
      assert.equal(await readVerdict(page), "Verified");
    })));

  for (const [name, patch] of [
    ["a worker that waits", "Run.prototype.views = function () { return new Promise((_, reject) => { this.cancel = () => reject(new Refused({ code: 'cancelled', message: '' })); }); };"],
    ["a worker that hears nothing", "wasm_bindgen.SecondPass.prototype.feed = () => { for (;;); };"],
  ]) {
    test(`is stopped, and the verdict stays: ${name}`, withPage(async (page) => {
      await (await activeWorker(page)).evaluate(patch);
      await verify(page, { viewing: view });
      assert.equal(await readVerdict(page), "Verified");
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByText(/It was stopped\. The verdict and the findings stand/).waitFor({ timeout: 2_000 });
      assert.equal(await readVerdict(page), "Verified");
      await page.getByRole("button", { name: "Verify", exact: true }).click();
      await page.locator(".verdict.verified").waitFor();
    }));
  }

  test("a trap in the second pass leaves the verdict", withPage(async (page) => {
    await (await activeWorker(page)).evaluate(
      `wasm_bindgen.SecondPass.prototype.feed = () => { throw new WebAssembly.RuntimeError("unreachable"); };`,
    );
    await verify(page, { viewing: view });
    await page.getByText(/The verifier stopped unexpectedly, so there is no list/).waitFor();
    assert.equal(await readVerdict(page), "Verified");
  }));
});

describe("for everybody", () => {
  for (const [name, options] of [
    ["1280-light", { colorScheme: "light" }],
    ["1280-dark", { colorScheme: "dark" }],
    ["360", { viewport: { width: 360, height: 740 } }],
  ]) {
    test(`no serious barrier, nothing cut off, with a picture: ${name}`, withPage(async (page) => {
      await verify(page, { viewing: view });
      await accesses(page).first().waitFor();
      await page.locator(".finding summary").first().click();
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
      assert.deepEqual(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
      assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      await page.screenshot({ path: path.join(screenshots, `${name}-audit.png`), fullPage: true });
    }, options));
  }

  test("on paper every finding is open, with a picture", withPage(async (page) => {
    await verify(page, { viewing: view });
    await accesses(page).first().waitFor();
    await page.emulateMedia({ media: "print" });
    const hidden = await page.locator(".finding dl").evaluateAll((all) => all.filter((one) => !one.checkVisibility()).length);
    assert.equal(hidden, 0);
    assert(!(await page.locator(".filter").isVisible()));
    assert(await page.getByText("4 more are not shown here.").isVisible(), "nothing is left out in silence");
    await page.pdf({ path: path.join(screenshots, "audit.pdf"), format: "A4" });
    await page.screenshot({ path: path.join(screenshots, "print-audit.png"), fullPage: true });
  }));

  test("findings are reached and opened by keyboard", withPage(async (page) => {
    await verify(page);
    await readVerdict(page);
    for (let i = 0; i < 40; i += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => document.activeElement.closest(".finding") !== null)) break;
    }
    await page.keyboard.press("Enter");
    assert(await page.locator(".finding details[open] dl").isVisible());
  }));
});
