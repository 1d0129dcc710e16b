// The shipped wasm, as `cargo xtask wasm` leaves it.
import { readFileSync } from "node:fs";
import path from "node:path";
import vm from "node:vm";

const here = import.meta.dirname;

/** Folder of the checkout. */
export const root = path.resolve(here, "../..");

const npm = process.env.VIDIMUS_NPM ?? path.join(root, "target/npm");

/** The binding as a module, ready for use. */
export async function binding() {
  const web = await import(path.join(npm, "web/vidimus.js"));
  web.initSync({ module: readFileSync(path.join(npm, "web/vidimus_bg.wasm")) });
  return web;
}

/**
 * `vidimus.worker.js` in this process, without a pool: it is given messages, and answers with an
 * async iterator over its own.
 */
export async function startWorker() {
  const folder = path.join(npm, "no-modules");
  const script = readFileSync(path.join(folder, "vidimus.worker.js"), "utf8");
  const heard = [];
  const waiting = [];
  const self = {
    location: { href: "http://localhost/vidimus.worker.js" },
    postMessage(message) {
      const next = waiting.shift();
      if (next) next(message);
      else heard.push(message);
    },
  };
  // A worker listens for as long as it lives; a test process must end.
  class MessageChannel extends globalThis.MessageChannel {
    constructor() {
      super();
      setTimeout(() => this.port1.unref());
    }
  }
  const { WebAssembly, TextDecoder, TextEncoder, URL, Uint8Array, performance } = globalThis;
  const { setTimeout, clearTimeout, setInterval, clearInterval, FinalizationRegistry, Error } = globalThis;
  // Errors that come out of the script must be told from plain objects as in a worker: one realm.
  const context = vm.createContext({
    self, MessageChannel, WebAssembly, TextDecoder, TextEncoder, URL, Uint8Array, performance, setTimeout,
    clearTimeout, setInterval, clearInterval, FinalizationRegistry, Error, console,
  });
  vm.runInContext(script, context, { filename: "vidimus.worker.js" });
  const worker = {
    context,
    post: (message) => self.onmessage({ data: message }),
    next: () => (heard.length > 0 ? heard.shift() : new Promise((resolve) => waiting.push(resolve))),
    /** The next message that is no progress. */
    async answer() {
      for (;;) {
        const message = await worker.next();
        if (message.type !== "progress") return message;
      }
    },
  };
  const module = new WebAssembly.Module(readFileSync(path.join(folder, "vidimus_bg.wasm")));
  worker.post({ type: "load", module, pool: 0 });
  const ready = await worker.answer();
  if (ready.type !== "ready") throw new Error(`the worker is not ready: ${ready.message}`);
  return Object.assign(worker, { ready });
}
