// The portal in Chromium.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { mkdirSync } from "node:fs";
import path from "node:path";

import { chromium } from "playwright-core";

import { root } from "./npm.mjs";

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
};

/** Where screenshots go. */
export const screenshots = path.join(root, "target/screenshots");
mkdirSync(screenshots, { recursive: true });

/** Serves the page as Trunk built it, unless `VIDIMUS_URL` says where it is served already. */
async function serve() {
  if (process.env.VIDIMUS_URL) return { url: process.env.VIDIMUS_URL, close() {} };
  const dist = path.join(root, "www/dist");
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const file = path.join(dist, pathname === "/" ? "index.html" : path.normalize(pathname));
    try {
      const content = await readFile(file);
      response.writeHead(200, {
        "Content-Type": TYPES[path.extname(file)] ?? "application/octet-stream",
        "Content-Length": content.length,
        "Cache-Control": "no-store",
      });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** A browser and a server; `close` both. */
export async function open() {
  const server = await serve();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
  });
  return {
    server,
    browser,
    /** The page, loaded; `requests` and `complaints` grow with what it asks for and what goes wrong. */
    async page(options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      const page = await context.newPage();
      const requests = [];
      const complaints = [];
      context.on("request", (request) => requests.push(request.url()));
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) complaints.push(message.text());
      });
      await page.goto(server.url);
      await page.getByText(/^Vidimus \d/).waitFor();
      return Object.assign(page, { requests, complaints });
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}

/** Makes tests of the portal, once it is open: each has a page of its own, closed after it. */
export function pagesOf(portal) {
  return (body, options) => async () => {
    const page = await portal().page(options);
    try {
      await body(page);
    } finally {
      await page.context().close();
    }
  };
}

/** Loads are over once nothing was asked for during half a second. */
export async function settled(page) {
  for (let before = -1; before !== page.requests.length; ) {
    before = page.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  page.requests.length = 0;
}

export const verdict = (page) => page.locator("#verdict");

/** Waits for a verdict and returns its word. */
export async function readVerdict(page, timeout = 60_000) {
  await verdict(page).waitFor({ timeout });
  return verdict(page).textContent();
}

/** Drops files or folders of the disk where `selector` is, as the operating system would. */
export async function drop(page, selector, files) {
  await page.locator(selector).scrollIntoViewIfNeeded();
  const box = await page.locator(selector).boundingBox();
  const client = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await client.send("Input.dispatchDragEvent", { type, ...at, data });
  }
}

/** The worker that runs verifications: the one with a pool. */
export async function activeWorker(page) {
  for (const worker of page.workers()) {
    const size = await worker.evaluate("pool?.size ?? 0").catch(() => 0);
    if (size > 0) return worker;
  }
  throw new Error("no worker has a pool");
}
