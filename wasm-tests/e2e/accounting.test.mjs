// What laws ask to be on record, in the portal: completeness, accountings and their files.
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
const [ledger, anchorFile, view] = ["hospital.vidimus", "hospital-anchor.txt", "patient.view"].map(generated);
const anchor = readFileSync(anchorFile, "utf8");

/** Rows that are shown before more are asked for. */
const FIRST = 20;

let portal;
before(async () => (portal = await open()));
after(() => portal?.close());

const withPage = pagesOf(() => portal);

/** Names laws that no organization of the ledger is under. */
const POLICY = 'regimes = ["ehds", "gdpr", "hipaa", "part11", "part2"]\n';

async function verify(page, { file = ledger, viewing = null } = {}) {
  await page.setInputFiles("#files", file);
  await page.setInputFiles("#policy", { name: "policy.toml", mimeType: "application/toml", buffer: Buffer.from(POLICY) });
  await page.getByLabel("Trust anchor").fill(anchor);
  if (viewing) await page.setInputFiles("#view", viewing);
  await page.getByRole("button", { name: "Verify", exact: true }).click();
  assert.equal(await readVerdict(page), "Verified");
  if (viewing) await page.locator("table.accesses tbody tr").first().waitFor();
}

const section = (page, regime) => page.locator(`section[aria-labelledby="regime-${regime}"]`);

const make = (page, regime) => section(page, regime).getByRole("button", { name: /^Make the accounting/ }).click();

const rows = (page, regime) => section(page, regime).locator("table.rows tbody tr");

/** What a click on one of the files saves: its name and its bytes. */
async function saved(page, regime, label) {
  const download = page.waitForEvent("download");
  await section(page, regime).getByRole("button", { name: `Download as ${label}` }).click();
  const file = await download;
  return [file.suggestedFilename(), await readFile(await file.path())];
}

/** Calls the command line with the same audit policy. */
const withPolicy = (body) => withFolder(async (folder) => {
  const policy = path.join(folder, "policy.toml");
  await writeFile(policy, POLICY);
  return body(["--audit-policy", policy]);
});

const account = (regime, format, more = []) => withPolicy((policy) =>
  native("report", ledger, "--anchor", anchorFile, "--regime", regime, "--format", format, ...more, ...policy));

describe("what laws ask for", () => {
  test("is counted column by column, as the report has it", needs(cli), withPage(async (page) => {
    await verify(page);
    const { regimes } = JSON.parse(await withPolicy((policy) => nativeReport([ledger], anchorFile, null, policy))).audit;
    assert.equal(regimes.length, 5);
    assert.equal(await page.locator(".regime").count(), regimes.length);
    for (const { regime, columns } of regimes) {
      const lines = await section(page, regime).locator("table.columns tbody tr").evaluateAll((all) =>
        all.map((row) => [row.querySelector(".says").textContent, row.className, row.lastElementChild.textContent]));
      const expected = columns.map(({ name, missing }) =>
        [name.replaceAll("_", " "), missing === "0" ? "pass" : "fail", missing]);
      assert.deepEqual(lines, expected, regime);
      assert.equal(await section(page, regime).locator("h3").count(), 1);
    }
    assert(regimes.some(({ columns }) => columns.some(({ missing }) => missing !== "0")), "something is missing");
  }));

  for (const [regime, viewing] of [["hipaa", null], ["ehds", view], ["gdpr", null], ["part2", view], ["part11", null]]) {
    test(`is accounted for in the bytes of the command line: ${regime}`, needs(cli), withPage(async (page) => {
      await settled(page);
      await verify(page, { viewing });
      await make(page, regime);
      await section(page, regime).getByRole("button", { name: "Download as CSV" }).waitFor();
      const more = viewing ? ["--view", viewing] : [];
      for (const [label, format] of [["CSV", "csv"], ["a page (HTML)", "html"], ["JSON", "json"]]) {
        const [name, bytes] = await saved(page, regime, label);
        assert.equal(name, `vidimus-${regime}.${format}`);
        const expected = Buffer.from(await account(regime, format, more));
        assert(bytes.equals(expected), `${format}: ${bytes.length} bytes, the command line has ${expected.length}`);
      }
      const { accounting } = JSON.parse(await account(regime, "json", more));
      const shown = rows(page, regime);
      assert.equal(await shown.count(), Math.min(FIRST, accounting.rows.length));
      const rest = accounting.rows.length - FIRST;
      if (rest > 0) {
        await section(page, regime).getByRole("button", { name: `Show ${Math.min(200, rest)} more` }).click();
      }
      const cells = await shown.evaluateAll((all) => all.map((row) => row.children.length));
      assert.equal(cells.length, Math.min(FIRST + 200, accounting.rows.length));
      assert(cells.every((count) => count === accounting.columns.length + 2));
      const missing = await section(page, regime).locator("td.missing").count();
      assert.equal(String(missing), accounting.missing);
      assert.deepEqual(page.requests, [], "nothing is asked of any network");
      assert.deepEqual(page.complaints, []);
    }));
  }

  test("is made of one law after the other, and of the next ledger anew", withPage(async (page) => {
    await verify(page);
    await make(page, "ehds");
    await rows(page, "ehds").first().waitFor();
    await make(page, "part11");
    await rows(page, "part11").first().waitFor();
    assert.equal(await rows(page, "ehds").count(), 0, "one accounting at a time");
    await page.getByRole("button", { name: /^Intact/ }).click();
    await page.waitForFunction(() => document.querySelector(".report") && !document.querySelector("#audit"));
    assert.equal(await page.locator(".accounting").count(), 0, "no law is asked about transactions of any kind");
    await verify(page);
    await make(page, "gdpr");
    await rows(page, "gdpr").first().waitFor();
  }));

  test("a file that changes after the verdict gives no accounting, and the verdict stays", withPage((page) =>
    withFolder(async (folder) => {
      const file = path.join(folder, "a.vidimus");
      await cp(ledger, file);
      await verify(page, { file });
      await writeFile(file, Buffer.concat([await readFile(file), Buffer.of(0)]));
      await make(page, "ehds");
      await page.getByText(/A file changed after it was verified, so there is no accounting/).waitFor();
      assert.equal(await readVerdict(page), "Verified");
    })));

  for (const [name, patch] of [
    ["a worker that waits", "Source.prototype.read = function () { return new Promise(() => {}); };"],
    ["a worker that hears nothing", "wasm_bindgen.SecondPass.prototype.feed = () => { for (;;); };"],
  ]) {
    test(`is stopped, and the verdict stays: ${name}`, withPage(async (page) => {
      await verify(page);
      await (await activeWorker(page)).evaluate(patch);
      await make(page, "ehds");
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByText(/It was stopped\. The verdict and the findings stand/).waitFor({ timeout: 2_000 });
      assert.equal(await readVerdict(page), "Verified");
      // Its worker is gone, and with it what it knew.
      await make(page, "ehds");
      await page.getByText(/verify the ledger again first/).waitFor();
      await page.getByRole("button", { name: "Verify", exact: true }).click();
      await page.locator(".verdict.verified").waitFor();
      await make(page, "ehds");
      await rows(page, "ehds").first().waitFor();
    }));
  }

  test("a trap in the second pass leaves the verdict", withPage(async (page) => {
    await verify(page);
    await (await activeWorker(page)).evaluate(
      `wasm_bindgen.SecondPass.prototype.feed = () => { throw new WebAssembly.RuntimeError("unreachable"); };`,
    );
    await make(page, "ehds");
    await page.getByText(/The verifier stopped unexpectedly, so there is no accounting/).waitFor();
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
      await verify(page);
      await make(page, "ehds");
      await rows(page, "ehds").first().waitFor();
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
      assert.deepEqual(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
      assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      await page.locator(".accounting").screenshot({ path: path.join(screenshots, `${name}-accounting.png`) });
    }, options));
  }

  test("by keyboard alone", withPage(async (page) => {
    await verify(page);
    const reach = async (test) => {
      for (let i = 0; i < 120; i += 1) {
        await page.keyboard.press("Tab");
        if (await page.evaluate(test)) return;
      }
      assert.fail(`cannot be reached: ${test}`);
    };
    await reach(() => document.activeElement.textContent.startsWith("Make the accounting"));
    await page.keyboard.press("Enter");
    await page.locator("table.rows").waitFor();
    await reach(() => document.activeElement.textContent === "Download as CSV");
    await reach(() => document.activeElement.className === "wide");
  }));
});
