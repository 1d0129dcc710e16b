// A ledger of a real size in the portal: how it comes, that the page stays alive, and what is found.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { cli, nativeReport } from "../support/cli.mjs";
import { root } from "../support/npm.mjs";
import { open, pagesOf, readVerdict, screenshots } from "../support/portal.mjs";
import { needs } from "../support/vectors.mjs";

const [ledger, altered, anchor, policy, view, truth] =
  ["day.vidimus", "day-flipped.vidimus", "day-anchor.txt", "day-policy.toml", "day.view", "day-ground-truth.json"]
    .map((name) => path.join(root, "www/generated", name));

/** How the page writes its size. */
const size = () => `${(Math.floor(statSync(ledger).size / 1e5) / 10).toFixed(1)} MB`;

/** Bytes a second: 20 MB take some seconds, as from another town. */
const LINE = 8_000_000;

/** Longest time that the page may not answer, on a machine that does much else besides. */
const STILL = 1_500;

let portal;
before(async () => (portal = await open()));
after(() => portal?.close());

const withPage = pagesOf(() => portal);

const day = (page) => page.getByRole("button", { name: /^A day of a hospital/ });

/** The report that the page saves. */
async function saved(page) {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: /Download the report/ }).click();
  return readFile(await (await download).path(), "utf8");
}

const native = (file) => nativeReport([file], anchor, null, ["--view", view, "--audit-policy", policy]);

async function slow(page) {
  const client = await page.context().newCDPSession(page);
  await client.send("Network.enable");
  const conditions = { offline: false, latency: 0, downloadThroughput: LINE, uploadThroughput: -1 };
  await client.send("Network.emulateNetworkConditions", conditions);
}

/** Notes the longest time in which the page did nothing else. */
const watch = (page) => page.evaluate(() => {
  let last = performance.now();
  globalThis.longest = 0;
  setInterval(() => {
    const now = performance.now();
    globalThis.longest = Math.max(globalThis.longest, now - last);
    last = now;
  }, 10);
});

describe("a day of a hospital", () => {
  test("comes with progress, leaves the page alive, and shows what was planted", needs(cli), withPage(async (page) => {
    assert.deepEqual(page.requests.filter((url) => url.includes("/samples/")), [], "nothing is loaded unasked");
    await slow(page);
    await watch(page);
    await day(page).click();
    await page.getByRole("heading", { name: "Getting the files" }).waitFor();
    const loaded = page.locator(".fetching dd");
    const shares = new Set();
    for (const end = Date.now() + 20_000; Date.now() < end && (await loaded.count()) > 0;) {
      shares.add(await loaded.textContent({ timeout: 500 }).catch(() => ""));
    }
    const figures = [...shares].filter((share) => new RegExp(`^\\d+\\.\\d MB of ${size()}$`).test(share));
    assert(figures.length >= 3, `progress in bytes: ${[...shares]}`);

    // While it is verified, the page does what it is asked to.
    await page.getByRole("heading", { name: "Verifying" }).waitFor();
    const tucked = page.locator("details.tucked", { hasText: "Audit policy" });
    const isOpen = await tucked.evaluate((details) => details.open);
    await tucked.locator("summary").click();
    assert.equal(await tucked.evaluate((details) => details.open), !isOpen);
    await page.getByText(new RegExp(`MB of ${size()}$`)).first().waitFor();

    assert.equal(await readVerdict(page, 120_000), "Verified");
    await page.locator("table.accesses tbody tr").first().waitFor({ timeout: 120_000 });
    const longest = await page.evaluate(() => globalThis.longest);
    assert(longest < STILL, `the page stood still for ${longest} ms`);

    const report = await saved(page);
    const place = ({ id, height, index }) => `${id} ${height} ${index}`;
    const planted = JSON.parse(await readFile(truth, "utf8")).violations.map(place);
    assert(planted.length > 30);
    assert.deepEqual(JSON.parse(report).audit.findings.map(place).sort(), planted.sort());
    assert.equal(report, await native(ledger));
    assert.deepEqual(page.complaints, []);
  }));

  test("is rejected if one bit of it differs, and lists nothing", needs(cli), withPage(async (page) => {
    await page.getByRole("button", { name: /^A day, altered/ }).click();
    assert.equal(await readVerdict(page, 120_000), "Rejected");
    assert.equal(await page.locator(".audit, table.accesses").count(), 0);
    assert.equal(await saved(page), await native(altered));
    assert.deepEqual(page.complaints, []);
  }));

  for (const [name, options] of [
    ["1280-light", { colorScheme: "light" }],
    ["1280-dark", { colorScheme: "dark" }],
    ["360", { viewport: { width: 360, height: 740 } }],
  ]) {
    test(`is not waited for, with a picture: ${name}`, withPage(async (page) => {
      await slow(page);
      await day(page).click();
      await page.getByText(new RegExp(`^[1-9].* MB of ${size()}$`)).waitFor();
      const cancel = page.getByRole("button", { name: "Cancel" });
      assert(await cancel.evaluate((button) => button === document.activeElement));
      assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      await page.locator(".fetching").scrollIntoViewIfNeeded();
      await page.screenshot({ path: path.join(screenshots, `${name}-fetching.png`) });
      await page.keyboard.press("Enter");
      await page.locator(".fetching").waitFor({ state: "detached" });
      assert(await day(page).isEnabled());
      await page.getByRole("button", { name: /^Intact/ }).click();
      assert.equal(await readVerdict(page), "Verified");
      assert.deepEqual(page.complaints, []);
    }, options));
  }
});
