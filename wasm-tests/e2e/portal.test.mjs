// The portal as a person uses it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { AxeBuilder } from "@axe-core/playwright";

import { cli, nativeReport } from "../support/cli.mjs";
import { root } from "../support/npm.mjs";
import { activeWorker, drop, open, pagesOf, readVerdict, screenshots, settled } from "../support/portal.mjs";
import { LIVE, needs } from "../support/vectors.mjs";

const samples = path.join(root, "www/generated");
const sampleAnchor = () => readFileSync(path.join(samples, "anchor.txt"), "utf8").trim();

let portal;
before(async () => (portal = await open()));
after(() => portal?.close());

const withPage = pagesOf(() => portal);

const sample = (page, name) => page.getByRole("button", { name: new RegExp(`^${name}`) }).click();

const choose = (page, ...files) => page.setInputFiles("#files", files);

const start = (page) => page.getByRole("button", { name: "Verify", exact: true }).click();

/** The report that the page offers, as it is saved. */
async function savedReport(page) {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: /Download/ }).click();
  return readFile(await (await download).path(), "utf8");
}

describe("samples", () => {
  test("are not loaded before they are chosen", withPage(async (page) => {
    const before = [...page.requests];
    await settled(page);
    assert.deepEqual([...before, ...page.requests].filter((url) => url.includes("/samples/")), []);
  }));

  for (const [name, file, anchor, word, code] of [
    ["Intact", "good.vidimus", "anchor.txt", "Verified", null],
    ["Altered", "flipped.vidimus", "anchor.txt", "Rejected", null],
    ["Cut short", "truncated.vidimus", "anchor.txt", "Rejected", "snapshot.complete"],
    ["Wrong anchor", "good.vidimus", "wrong-anchor.txt", "Rejected", "anchor.header-hash"],
  ]) {
    test(`${name}: ${word}, in the bytes of the command line`, needs(cli), withPage(async (page) => {
      await sample(page, name);
      assert.equal(await readVerdict(page), word);
      if (code) assert.equal(await page.locator(".verdict code").first().textContent(), code);
      assert.equal(await page.evaluate(() => document.activeElement.id), "verdict", "focus is on the verdict");
      const native = await nativeReport([path.join(samples, file)], path.join(samples, anchor));
      assert.equal(await savedReport(page), native);
      assert.deepEqual(page.complaints, []);
    }));
  }
});

test("names of a text are set as code, without backticks", withPage(async (page) => {
  await sample(page, "Intact");
  await readVerdict(page);
  const codes = await page.locator(".not-proven code").allTextContents();
  assert.deepEqual(codes, ["at-least", "as-of"]);
  assert(!(await page.locator(".report").textContent()).includes("`"));
}));

describe("files", () => {
  test("one snapshot and an anchor typed by hand", withPage(async (page) => {
    await settled(page);
    await choose(page, path.join(samples, "good.vidimus"));
    await page.getByLabel("Trust anchor").fill(sampleAnchor());
    await page.getByText(/^Understood: block 64/).waitFor();
    await start(page);
    assert.equal(await readVerdict(page), "Verified");
    assert.deepEqual(page.requests, [], "nothing is asked of any network");
    assert.deepEqual(page.complaints, []);
  }));

  test("without an anchor nothing is determined", withPage(async (page) => {
    await choose(page, path.join(samples, "good.vidimus"));
    await start(page);
    assert.equal(await readVerdict(page), "Could not be determined");
    assert.equal(await page.locator(".verdict code").first().textContent(), "unanchored");
  }));

  test("an anchor that is none is told at once, and keeps from starting", withPage(async (page) => {
    await choose(page, path.join(samples, "good.vidimus"));
    await page.getByLabel("Trust anchor").fill("cometbft-0.38/c/1/00");
    await page.getByText("Line 1: not 64 hex digits of a header hash.").waitFor();
    assert(await page.getByRole("button", { name: "Verify", exact: true }).isDisabled());
    await page.getByLabel("Trust anchor").fill("");
    assert(await page.getByRole("button", { name: "Verify", exact: true }).isEnabled());
  }));

  test("a snapshot among other files is refused in words", withPage(async (page) => {
    await choose(page, path.join(samples, "good.vidimus"), path.join(samples, "anchor.txt"));
    await start(page);
    await page.getByText(/good\.vidimus: This file is a snapshot/).waitFor();
  }));

  test("a file that changes on the disk leaves nothing determined, and the next run works", withPage(async (page) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "vidimus-"));
    const file = path.join(folder, "a.vidimus");
    try {
      await cp(path.join(samples, "good.vidimus"), file);
      await choose(page, file);
      await page.getByLabel("Trust anchor").fill(sampleAnchor());
      // The file changes between the first bytes and the rest.
      await (await activeWorker(page)).evaluate(`{
        const read = Source.prototype.read;
        Source.prototype.read = async function (start, end) {
          const bytes = await read.call(this, start, end);
          if (end <= 64) await new Promise((resolve) => setTimeout(resolve, 700));
          return bytes;
        };
      }`);
      await start(page);
      await new Promise((resolve) => setTimeout(resolve, 200));
      await writeFile(file, Buffer.concat([await readFile(file), Buffer.of(0)]));
      assert.equal(await readVerdict(page), "Could not be determined");
      assert.equal(await page.locator(".verdict code").first().textContent(), "changed-file");
      await sample(page, "Intact");
      await page.locator(".verdict.verified").waitFor();
    } finally {
      await rm(folder, { recursive: true });
    }
  }));
});

describe("exports of real nodes", () => {
  for (const chain of LIVE) {
    test(`a folder dropped, in the bytes of the command line: ${chain.name}`, needs(chain.folder, cli), withPage(async (page) => {
      await settled(page);
      await drop(page, ".drop-zone", [chain.folder]);
      await page.getByText(new RegExp(`^${chain.name}: \\d+ files`)).waitFor();
      const anchor = `${chain.profile}/${chain.anchor}`;
      await page.getByLabel("Trust anchor").fill(anchor);
      await start(page);
      assert.equal(await readVerdict(page), "Verified");
      const blocks = page.locator(".counts li", { hasText: "blocks" }).locator(".count");
      assert.equal(await blocks.textContent(), chain.counts.blocks);
      assert.deepEqual(page.requests, [], "nothing is asked of any network");
      assert.equal(await savedReport(page), await nativeReport([chain.folder], anchor));
    }));
  }

  const [chain] = LIVE;
  test("a folder picked", needs(chain.folder), withPage(async (page) => {
    await page.setInputFiles("#folder", chain.folder);
    await page.getByLabel("Trust anchor").fill(`${chain.profile}/${chain.anchor}`);
    await start(page);
    assert.equal(await readVerdict(page), "Verified");
  }));

  test("one digit of one transaction altered", needs(chain.folder), withPage(async (page) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "vidimus-"));
    try {
      await cp(chain.folder, folder, { recursive: true });
      const file = path.join(folder, "block_50.json");
      const text = await readFile(file, "utf8");
      const at = text.indexOf('"txs"') + 20;
      const other = text[at] === "A" ? "B" : "A";
      await writeFile(file, text.slice(0, at) + other + text.slice(at + 1));
      await drop(page, ".drop-zone", [folder]);
      await page.getByLabel("Trust anchor").fill(`${chain.profile}/${chain.anchor}`);
      await start(page);
      assert.equal(await readVerdict(page), "Rejected");
      assert.match(await page.locator(".verdict").textContent(), /block\.(data-hash|part-set)|commit\.part-set|header\./);
    } finally {
      await rm(folder, { recursive: true });
    }
  }));
});

describe("when something goes wrong", () => {
  const begin = async (page, patch) => {
    await settled(page);
    await (await activeWorker(page)).evaluate(patch);
    await choose(page, path.join(samples, "good.vidimus"));
    await page.getByLabel("Trust anchor").fill(sampleAnchor());
    await start(page);
  };
  const code = (page) => page.locator(".verdict code").first().textContent();
  /** Clicks on Cancel; milliseconds from the click to the verdict, by the page's own clock. */
  const cancel = async (page) => {
    await page.getByRole("heading", { name: "Verifying" }).waitFor();
    const took = await page.evaluate(async () => {
      const button = [...document.querySelectorAll("button")].find((one) => one.textContent.includes("Cancel"));
      const clicked = performance.now();
      button.click();
      while (!document.querySelector("#verdict")) await new Promise((resolve) => setTimeout(resolve));
      return performance.now() - clicked;
    });
    assert.equal(await code(page), "cancelled");
    assert(took < 500, `${took} ms`);
  };
  const nextRunWorks = async (page) => {
    await choose(page, path.join(samples, "good.vidimus"));
    await page.getByRole("button", { name: "Verify", exact: true }).click();
    await page.locator(".verdict.verified").waitFor();
  };

  test("a run is stopped within half a second", withPage(async (page) => {
    await begin(page, `Source.prototype.read = () => new Promise(() => {});`);
    await cancel(page);
    await nextRunWorks(page);
  }));

  test("a worker that hears nothing is stopped within half a second", withPage(async (page) => {
    await begin(page, `wasm_bindgen.Verification.prototype.feed = () => { for (;;); };`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await cancel(page);
    await nextRunWorks(page);
  }));

  test("a trap leaves nothing determined, and the next run works", withPage(async (page) => {
    await begin(page, `wasm_bindgen.Verification.prototype.feed = () => { throw new WebAssembly.RuntimeError("unreachable"); };`);
    assert.equal(await readVerdict(page), "Could not be determined");
    assert.equal(await code(page), "engine");
    await nextRunWorks(page);
  }));

  test("a worker of the pool that dies leaves nothing determined, and the next run works", withPage(async (page) => {
    await begin(page, `{
      const assign = Pool.prototype.submit;
      Pool.prototype.submit = function (bytes) {
        Pool.prototype.submit = assign;
        // What is no batch makes the worker fail over it.
        bytes.fill(0);
        assign.call(this, bytes);
      };
    }`);
    assert.equal(await readVerdict(page), "Could not be determined");
    assert.equal(await code(page), "engine");
    await nextRunWorks(page);
  }));

  test("a worker that falls silent is given up", withPage(async (page) => {
    await begin(page, `wasm_bindgen.Verification.prototype.feed = () => { for (;;); };`);
    assert.equal(await readVerdict(page), "Could not be determined");
    assert.equal(await code(page), "engine");
    await nextRunWorks(page);
  }));
});

describe("for everybody", () => {
  test("by keyboard alone", withPage(async (page) => {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip-link");
    const reach = async (test) => {
      for (let i = 0; i < 40; i += 1) {
        await page.keyboard.press("Tab");
        if (await page.evaluate(test)) return;
      }
      assert.fail(`cannot be reached: ${test}`);
    };
    await reach(() => document.activeElement.textContent.startsWith("Intact"));
    await page.keyboard.press("Enter");
    assert.equal(await readVerdict(page), "Verified");
    assert.equal(await page.evaluate(() => document.activeElement.id), "verdict");
    await reach(() => document.activeElement.textContent.startsWith("Download"));
  }));

  for (const colorScheme of ["light", "dark"]) {
    for (const name of ["", "Intact", "Altered", "Wrong anchor"]) {
      test(`no serious barrier: ${colorScheme} ${name || "before a run"}`, withPage(async (page) => {
        if (name) {
          await sample(page, name);
          await readVerdict(page);
        }
        const { violations } = await new AxeBuilder({ page }).analyze();
        const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
        assert.deepEqual(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
      }, { colorScheme }));
    }
  }

  for (const [name, options] of [
    ["1280-light", { colorScheme: "light" }],
    ["1280-dark", { colorScheme: "dark" }],
    ["360", { viewport: { width: 360, height: 740 } }],
  ]) {
    test(`nothing is cut off, with a picture: ${name}`, withPage(async (page) => {
      const picture = (what) => page.screenshot({ path: path.join(screenshots, `${name}-${what}.png`), fullPage: true });
      const fits = async () => assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      await picture("start");
      await fits();
      for (const [button, what] of [["Intact", "verified"], ["Altered", "rejected"], ["Cut short", "cut"], ["Wrong anchor", "wrong-anchor"]]) {
        await sample(page, button);
        await page.locator(".progress, .verdict").first().waitFor();
        await readVerdict(page);
        await picture(what);
        await fits();
      }
      await page.getByLabel("Trust anchor").fill("");
      await start(page);
      await page.locator(".verdict.inconclusive").waitFor();
      await picture("inconclusive");
    }, options));
  }

  test("progress, with a picture", withPage(async (page) => {
    await (await activeWorker(page)).evaluate(`Source.prototype.read = () => new Promise(() => {});`);
    await choose(page, path.join(samples, "good.vidimus"));
    await start(page);
    await page.getByRole("heading", { name: "Verifying" }).waitFor();
    await new Promise((resolve) => setTimeout(resolve, 600));
    await page.screenshot({ path: path.join(screenshots, "1280-light-progress.png"), fullPage: true });
  }));

  test("the security policy names no host", withPage(async (page) => {
    const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /connect-src 'self'/);
    assert.doesNotMatch(policy, /:\/\/|\*|unsafe-inline|'unsafe-eval'/);
  }));
});
