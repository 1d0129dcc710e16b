// Rows of the benchmark for the shipped wasm: in Node, in Chromium, and the portal as a person
// waits for it. `node bench.mjs DIR`, where DIR has the ledgers of vidimus-bench; `node bench.mjs records
// DIR` measures those with records alone, `node bench.mjs packets DIR` evidence packets.
import { execFileSync } from "node:child_process";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import zlib from "node:zlib";

import { ed25519 } from "@noble/curves/ed25519.js";
import sodium from "libsodium-wrappers";
import { chromium } from "playwright-core";

import { binding, root } from "../support/npm.mjs";
import { open } from "../support/portal.mjs";
import { alone, measure, packetTimes, shares } from "./measure.mjs";

const ledgers = process.argv.at(-1);
/** The part that is measured; all where none is named. */
const part = ["records", "packets"].find((name) => name === process.argv[2]);
const npm = process.env.VIDIMUS_NPM ?? path.join(root, "target/npm");
const ledger = (validators, name) => path.join(ledgers, `v${validators}`, name);
const anchorOf = (validators) => readFileSync(ledger(validators, "anchor.txt"), "utf8");

const row = (what, figure, goal) => console.log(`| ${what} | ${figure} | ${goal} |`);

/** Us against who does nothing but the signatures. */
function rows(name, { ours, ceiling, noble, libsodium, subtle }, goals = {}) {
  row(`${name}: one worker ÷ ceiling (${ours.toFixed(1)} µs a signature)`, (ceiling / ours).toFixed(2), goals.ceiling ?? "");
  row(`${name}: speed ÷ @noble/curves`, `${(noble / ours).toFixed(0)} ×`, goals.noble ?? "");
  row(`${name}: speed ÷ WebCrypto`, `${(subtle / ours).toFixed(1)} ×`, goals.subtle ?? "");
  row(`${name}: speed ÷ libsodium.js`, `${(libsodium / ours).toFixed(1)} ×`, "");
}

const blockRows = (engine, validators, figures) =>
  rows(`${engine}, ${validators} validators`, figures, { ceiling: "≥ 0.8", noble: "≥ 40 ×", subtle: "≥ 2.5 ×" });

/** Ledgers of records, as bench/src/records.rs makes them. */
const SUBJECTS = "hospitals100000-50000";
const ACCESSES = "hospitals20000-1000000";
const anchorIn = (name) => readFileSync(path.join(ledgers, name, "anchor.txt"), "utf8");

function recordRows(engine, { signatures, rest, records }, others) {
  const name = `${engine}, 100,000 subjects`;
  row(`${name}: all but signatures ÷ signatures, one worker`, (rest / signatures).toFixed(2), "≤ 0.5");
  row(`${name}: records a second, one worker`, `${(records / (signatures + rest)).toFixed(1)} k`, "");
  rows(name, { ...others, ours: (1000 * (signatures + rest)) / others.count });
}

async function recordsInNode() {
  const wasm = await binding();
  await sodium.ready;
  const file = () => createReadStream(path.join(ledgers, SUBJECTS, "ledger.vidimus"));
  const ours = await shares(wasm, file(), anchorIn(SUBJECTS));
  recordRows("Node", ours, await alone(wasm, file(), anchorIn(SUBJECTS), { ed25519, sodium }));
}

async function inNode() {
  const wasm = await binding();
  await sodium.ready;
  for (const validators of [4, 20, 100]) {
    const container = readFileSync(ledger(validators, "ledger.vidimus"));
    blockRows("Node", validators, await measure(wasm, container, anchorOf(validators), { ed25519, sodium }));
  }
}

/** Files for the page: the wasm, the measuring script, the other libraries, the ledgers. */
async function serve() {
  const folders = { npm, bench: import.meta.dirname, modules: path.join(root, "wasm-tests/node_modules"), ledgers };
  const types = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };
  const imports = {
    "@noble/hashes/": "/modules/@noble/hashes/",
    "@noble/curves/": "/modules/@noble/curves/",
    libsodium: "/modules/libsodium/dist/modules-esm/libsodium.mjs",
    "libsodium-wrappers": "/modules/libsodium-wrappers/dist/modules-esm/libsodium-wrappers.mjs",
  };
  const page = `<!doctype html><script type="importmap">${JSON.stringify({ imports })}</script>`;
  const server = createServer(async (request, response) => {
    const [, folder, ...rest] = new URL(request.url, "http://localhost").pathname.split("/");
    if (folder === "") return response.writeHead(200, { "Content-Type": "text/html" }).end(page);
    try {
      const file = path.join(folders[folder], ...rest);
      const { size } = await stat(file);
      const type = types[path.extname(request.url)] ?? "application/octet-stream";
      response.writeHead(200, { "Content-Type": type, "Content-Length": size });
      createReadStream(file).pipe(response);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

async function inChromium(measureIn) {
  const server = await serve();
  const args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    await measureIn(page);
  } finally {
    await browser.close();
    server.close();
  }
}

async function signaturesIn(page) {
  for (const validators of [4, 20, 100]) {
    const figures = await page.evaluate(
      async ({ validators, anchor }) => {
        const wasm = await import("/npm/web/vidimus.js");
        await wasm.default("/npm/web/vidimus_bg.wasm");
        const { measure } = await import("/bench/measure.mjs");
        const { ed25519 } = await import("@noble/curves/ed25519.js");
        const { default: sodium } = await import("libsodium-wrappers");
        await sodium.ready;
        const response = await fetch(`/ledgers/v${validators}/ledger.vidimus`);
        const container = new Uint8Array(await response.arrayBuffer());
        return measure(wasm, container, anchor, { ed25519, sodium });
      },
      { validators, anchor: anchorOf(validators) },
    );
    blockRows("Chromium", validators, figures);
  }
  const [one, two] = [await pooled(page, 0), await pooled(page, 2)];
  row("Chromium, 100 validators: a pool of two workers ÷ one worker alone", `${(one / two).toFixed(2)} ×`, "≥ 1.7 ×");
}

async function recordsIn(page) {
  recordRows("Chromium", await streamed(page, SUBJECTS), await signaturesOf(page, SUBJECTS));
  const { bytes, signatures, rest } = await streamed(page, ACCESSES);
  const what = `Chromium, 1,000,000 accesses (${Math.round((signatures + rest) / 1000)} s): memory of the wasm`;
  row(what, `${Math.round(bytes / 1_000_000)} MB`, "≤ 256 MB, flat");
}

/** A ledger of records as it comes from the server; its memory is that of the instance, which never shrinks. */
async function streamed(page, name) {
  // A module of its own for each.
  await page.reload();
  return page.evaluate(
    async ({ name, anchor }) => {
      const wasm = await import("/npm/web/vidimus.js");
      const { memory } = await wasm.default("/npm/web/vidimus_bg.wasm");
      const { shares } = await import("/bench/measure.mjs");
      const { body } = await fetch(`/ledgers/${name}/ledger.vidimus`);
      return { ...(await shares(wasm, body, anchor)), bytes: memory.buffer.byteLength };
    },
    { name, anchor: anchorIn(name) },
  );
}

/** Who does nothing but the signatures of a ledger of records. */
async function signaturesOf(page, name) {
  await page.reload();
  return page.evaluate(
    async ({ name, anchor }) => {
      const wasm = await import("/npm/web/vidimus.js");
      await wasm.default("/npm/web/vidimus_bg.wasm");
      const { alone } = await import("/bench/measure.mjs");
      const { ed25519 } = await import("@noble/curves/ed25519.js");
      const { default: sodium } = await import("libsodium-wrappers");
      await sodium.ready;
      const { body } = await fetch(`/ledgers/${name}/ledger.vidimus`);
      return alone(wasm, body, anchor, { ed25519, sodium });
    },
    { name, anchor: anchorIn(name) },
  );
}

/** Packets of one record, as bench/src/packets.rs makes them, by where their anchor is. */
const PACKETS = { below: "below, over a commit", above: "above, by hashes" };
const packetFile = (name) => path.join(ledgers, "packets", `${name}.vidimus-packet`);
const packetAnchor = (name) => readFileSync(path.join(ledgers, "packets", `${name}.txt`), "utf8");

function packetRows(engine, name, { whole, alone, cold }) {
  const what = `${engine}, packet of one record, 20 validators, anchor ${PACKETS[name]}`;
  const microseconds = Math.round(1000 * whole);
  row(`${what}: verification ÷ its signatures alone (${microseconds} µs)`, (whole / alone).toFixed(2), "< 2");
  row(`${what}: from the module to the verdict, cold`, `${Math.round(cold)} ms`, "");
}

async function packetsInNode() {
  const wasm = await binding();
  for (const name of Object.keys(PACKETS)) {
    // In a process in which nothing was compiled before.
    const script = path.join(import.meta.dirname, "cold.mjs");
    const cold = Number(execFileSync(process.execPath, [script, npm, packetFile(name), packetAnchor(name)]));
    const times = await packetTimes(wasm, readFileSync(packetFile(name)), packetAnchor(name));
    packetRows("Node", name, { ...times, cold });
  }
}

/** In the first tab of a browser: the module comes from the server, and was not compiled before. */
async function packetIn(page, name) {
  const times = await page.evaluate(
    async ({ name, anchor }) => {
      const { packetTimes, verifyPacket } = await import("/bench/measure.mjs");
      const response = await fetch(`/ledgers/packets/${name}.vidimus-packet`);
      const packet = new Uint8Array(await response.arrayBuffer());
      const start = performance.now();
      const wasm = await import("/npm/web/vidimus.js");
      await wasm.default("/npm/web/vidimus_bg.wasm");
      verifyPacket(wasm, packet, anchor);
      const cold = performance.now() - start;
      return { ...(await packetTimes(wasm, packet, anchor)), cold };
    },
    { name, anchor: packetAnchor(name) },
  );
  packetRows("Chromium", name, times);
}

/** Milliseconds of the shipped worker with so many workers beside it, shortest of three. */
function pooled(page, pool) {
  return page.evaluate(
    async ({ pool, anchor }) => {
      const response = await fetch("/ledgers/v100/ledger.vidimus");
      const file = new File([await response.arrayBuffer()], "ledger.vidimus");
      const worker = new Worker("/npm/no-modules/vidimus.worker.js");
      const heard = (types) =>
        new Promise((resolve, reject) => {
          worker.onmessage = ({ data }) => {
            if (types.includes(data.type)) resolve(data);
            else if (data.type !== "progress") reject(new Error(JSON.stringify(data)));
          };
        });
      worker.postMessage({ type: "load", module: null, pool });
      await heard(["ready"]);
      let best = Infinity;
      for (let run = 0; run < 3; run += 1) {
        const start = performance.now();
        const files = [{ path: "ledger.vidimus", file }];
        worker.postMessage({ type: "verify", run, files, anchor, policy: null, limits: null });
        const { json } = await heard(["report"]);
        if (!json.includes('"status": "verified"')) throw new Error(json.slice(0, 300));
        best = Math.min(best, performance.now() - start);
      }
      worker.terminate();
      return best;
    },
    { pool, anchor: anchorOf(100) },
  );
}

/** From the first byte of the page to the verdict on the sample, as a person waits for it. */
async function portal() {
  const portal = await open();
  try {
    const start = performance.now();
    const page = await portal.page();
    await page.getByRole("button", { name: /^Intact/ }).click();
    await page.getByRole("heading", { name: "Verified" }).waitFor();
    row("portal: from opening the page to the sample's verdict", `${Math.round(performance.now() - start)} ms`, "");
  } finally {
    await portal.close();
  }
}

function sizes() {
  const file = path.join(npm, "web/vidimus_bg.wasm");
  const module = readFileSync(file);
  const kilobytes = (bytes) => `${Math.round(bytes / 1000)} KB`;
  const [gzip, brotli] = [zlib.gzipSync(module, { level: 9 }), zlib.brotliCompressSync(module)];
  row("wasm of the verifier: raw, gzip", `${kilobytes(statSync(file).size)}, ${kilobytes(gzip.length)}`, "");
  row("wasm of the verifier: brotli", kilobytes(brotli.length), "≤ 250 KB");
}

if (part !== "packets") {
  await recordsInNode();
  await inChromium(recordsIn);
}
if (part !== "records") {
  await packetsInNode();
  for (const name of Object.keys(PACKETS)) await inChromium((page) => packetIn(page, name));
}
if (part === undefined) {
  await inNode();
  await inChromium(signaturesIn);
  await portal();
  sizes();
}
