// Evidence packets in the portal: claims in plain words, documents beside them, and what is refused.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { AxeBuilder } from "@axe-core/playwright";

import { cli, nativeReport } from "../support/cli.mjs";
import { root } from "../support/npm.mjs";
import { anchorFile, ledger, makePackets, viewFile } from "../support/packets.mjs";
import { drop, open, pagesOf, readVerdict, screenshots, settled } from "../support/portal.mjs";
import { needs } from "../support/vectors.mjs";

const folder = mkdtempSync(path.join(os.tmpdir(), "vidimus-"));
const sampleFile = (name) => path.join(root, "www/generated", name);

let portal, packets;
before(async () => (portal = await open()));
after(() => {
  rmSync(folder, { recursive: true });
  return portal?.close();
});

const withPage = pagesOf(() => portal);

const sample = (page, name) => page.getByRole("button", { name: new RegExp(`^One patient’s records${name}`) }).click();

/** Drops files and verifies them. */
async function verify(page, files, { viewing = null, policy = null } = {}) {
  await drop(page, ".drop-zone", files);
  const [first] = files.map((file) => path.basename(file)).sort();
  const chosen = files.length === 1 ? `${first}, ` : `${first}: ${files.length} files`;
  await page.locator(".drop-zone .chosen").getByText(chosen).waitFor();
  await page.getByLabel("Trust anchor").fill(readFileSync(anchorFile, "utf8"));
  if (viewing) await page.setInputFiles("#view", viewing);
  if (policy) await page.setInputFiles("#policy", policy);
  await page.getByRole("button", { name: "Verify", exact: true }).click();
}

const native = (file, ...options) => nativeReport([file], anchorFile, null, options);

async function savedReport(page) {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: /Download/ }).click();
  return readFile(await (await download).path(), "utf8");
}

const claims = (page) => page.locator(".claim");
const accesses = (page) => page.locator("table.accesses tbody tr");
const code = (page) => page.locator(".verdict code").first().textContent();

/** The text of a claim's two sides. */
const sides = (claim) => claim.locator(".sides dd").allTextContents();

describe("a packet", needs(ledger, cli), () => {
  before(async () => (packets = await makePackets(folder)));

  test("opens on its claims, in plain words and in the bytes of the command line", withPage(async (page) => {
    await settled(page);
    await verify(page, [packets.subject]);
    assert.equal(await readVerdict(page), "Verified");
    assert.equal(await page.evaluate(() => document.activeElement.id), "verdict", "focus is on the verdict");
    const report = await native(packets.subject);
    const told = JSON.parse(report).claims;
    assert.equal(await claims(page).count(), told.length);
    for (const [at, claim] of told.entries()) {
      const shown = claims(page).nth(at);
      assert.match(await shown.locator("h3").textContent(), /A patient’s records$/);
      assert.deepEqual(await sides(shown), [claim.proven, claim.not_proven]);
      const sizes = await shown.locator(".sides dd").evaluateAll((all) => all.map((one) => getComputedStyle(one).fontSize));
      assert.equal(sizes[0], sizes[1], "what is not proven is as large");
      const facts = await shown.locator(".facts").textContent();
      for (const part of [`block ${claim.until}`, `block ${claim.attested_by.height}`, claim.attested_by.hash, claim.subject]) {
        assert(facts.includes(part), `${part} in ${facts}`);
      }
      await shown.getByText(`None of the ${claim.records.length} is withheld.`).waitFor();
      const text = await shown.textContent();
      for (const { id } of claim.records) assert(text.includes(id), id);
    }
    const above = await page.evaluate(() => {
      const top = (selector) => document.querySelector(selector).getBoundingClientRect().top;
      return top("#claims") < top("#facts");
    });
    assert(above, "claims stand above the technical parts");
    assert.equal(await page.locator(".who, .audit, .accounting").count(), 0, "nothing is promised that a packet has not");
    assert.equal(await page.getByRole("columnheader", { name: "Findings" }).count(), 0, "it is not audited");
    await page.getByText("Which data it was stands sealed in the records").waitFor();
    const text = (await accesses(page).allTextContents()).join();
    assert(!/\byou(r|rs)?\b/i.test(text), "anybody may read it");
    assert.equal(await savedReport(page), report);
    assert.deepEqual(page.requests, [], "nothing is asked of any network");
    assert.deepEqual(page.complaints, []);
  }));

  test("is opened by a viewing file, and told to the patient", withPage(async (page) => {
    await verify(page, [packets.subject], { viewing: viewFile });
    assert.equal(await readVerdict(page), "Verified");
    const report = await native(packets.subject, "--view", viewFile);
    const events = JSON.parse(report).claims.flatMap(({ records }) => records.map(({ access }) => access).filter(Boolean));
    assert.equal(await accesses(page).count(), events.length);
    assert(events.some(({ classes }) => classes?.length > 0));
    const text = (await accesses(page).allTextContents()).join();
    const isSealed = events.some(({ action, classes }) => action !== null && classes === null);
    assert.equal(text.includes("data that is sealed"), isSealed);
    assert.match(text, /your consent/);
    assert.equal(await savedReport(page), report);
  }));

  test("of a consent shows its versions", withPage(async (page) => {
    await verify(page, [packets.consent]);
    assert.equal(await readVerdict(page), "Verified");
    await page.getByRole("heading", { name: "A consent", exact: true }).waitFor();
    const report = await native(packets.consent);
    const [{ versions }] = JSON.parse(report).claims;
    assert(versions.length > 0);
    const table = page.getByRole("table", { name: "Versions of the consent" });
    assert.equal(await table.locator("tbody tr").count(), versions.length);
    for (const [at, version] of versions.entries()) {
      const text = await table.locator("tbody tr").nth(at).textContent();
      for (const part of [version.record, version.custodian, `Version ${version.version}`, version.revocation ?? ""]) {
        assert(text.includes(part), `${part} in ${text}`);
      }
    }
    assert.equal(await savedReport(page), report);
  }));

  test("of what is not there says so", withPage(async (page) => {
    await verify(page, [packets.absence]);
    assert.equal(await readVerdict(page), "Verified");
    await page.getByRole("heading", { name: "That there is nothing", exact: true }).waitFor();
    assert((await sides(claims(page).first()))[0].includes(packets.stranger));
    assert.equal(await savedReport(page), await native(packets.absence));
  }));

  test("about a document asks for it, and compares it", withPage(async (page) => {
    await verify(page, [packets.document]);
    assert.equal(await readVerdict(page), "Could not be determined");
    assert.equal(await code(page), "incomplete");
    await page.getByText("Drop the document together with the packet").waitFor();
    assert.equal(await savedReport(page), await native(packets.document));

    await verify(page, [packets.document, packets.file]);
    await page.locator(".verdict.verified").waitFor();
    const report = await native(packets.document, "--document", packets.file);
    const { document } = JSON.parse(report).claims.at(-1);
    const claim = claims(page).last();
    await claim.getByRole("heading", { name: /A document$/ }).waitFor();
    const facts = await claim.locator(".facts").textContent();
    const position = `number ${Number(document.index) + 1} of ${document.leaf_count}`;
    for (const part of [document.digest, position, document.anchor, document.custodian]) {
      assert(facts.includes(part), `${part} in ${facts}`);
    }
    assert.equal(await savedReport(page), report);
    assert.deepEqual(page.complaints, []);
  }));

  test("with another document is rejected, and claims nothing", withPage(async (page) => {
    const other = path.join(folder, "other.bin");
    await writeFile(other, "another document");
    await verify(page, [packets.document, other]);
    assert.equal(await readVerdict(page), "Rejected");
    assert.equal(await code(page), "document.included");
    assert.equal(await page.locator(".claims").count(), 0);
    assert.equal(await savedReport(page), await native(packets.document, "--document", other));
  }));

  test("is refused in words together with what it does not go with", withPage(async (page) => {
    await verify(page, [packets.subject, ledger]);
    await page.getByText(/with it came a snapshot: verify one of the two at a time/).waitFor();
    await verify(page, [packets.subject, viewFile]);
    await page.getByText(/about no document: verify it without other files\. A viewing file has a place/).waitFor();
  }));

  test("is not audited, and says so", withPage(async (page) => {
    await verify(page, [packets.absence], { policy: sampleFile("hospital-policy.toml") });
    assert.equal(await readVerdict(page), "Verified");
    await page.getByText(/The audit policy was not used/).waitFor();
    assert.equal(await savedReport(page), await native(packets.absence));
  }));
});

describe("a sample packet", needs(cli), () => {
  const [packet, altered] = ["patient.vidimus-packet", "patient-flipped.vidimus-packet"].map(sampleFile);

  test("stands one click away, and an altered one claims nothing", withPage(async (page) => {
    await sample(page, "(?!,)");
    assert.equal(await readVerdict(page), "Verified");
    assert((await claims(page).count()) > 0);
    assert.equal(await savedReport(page), await native(packet, "--view", viewFile));
    await sample(page, ", altered");
    await page.locator(".verdict.rejected").waitFor();
    assert.equal(await claims(page).count(), 0);
    await page.getByText(/The viewing file was not used: only a verified packet/).waitFor();
    assert.equal(await savedReport(page), await native(altered, "--view", viewFile));
    assert.deepEqual(page.complaints, []);
  }));

  for (const [name, options] of [
    ["1280-light", { colorScheme: "light" }],
    ["1280-dark", { colorScheme: "dark" }],
    ["360", { viewport: { width: 360, height: 740 } }],
  ]) {
    test(`no serious barrier, nothing cut off, with a picture: ${name}`, withPage(async (page) => {
      await sample(page, "(?!,)");
      await readVerdict(page);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
      assert.deepEqual(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
      assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      await page.screenshot({ path: path.join(screenshots, `${name}-packet.png`), fullPage: true });
    }, options));
  }

  test("is read by headings, and printed, with a picture", withPage(async (page) => {
    await sample(page, "(?!,)");
    await readVerdict(page);
    const levels = await page.locator(".claims h2, .claims h3").evaluateAll((all) => all.map(({ tagName }) => tagName));
    assert.deepEqual(levels, ["H2", ...levels.slice(1).fill("H3")]);
    assert.equal(await page.locator(".claims table:not(:has(caption))").count(), 0, "each table has a name");
    await page.emulateMedia({ media: "print" });
    assert(await page.locator(".sides").first().isVisible());
    await page.screenshot({ path: path.join(screenshots, "print-packet.png"), fullPage: true });
  }));
});
