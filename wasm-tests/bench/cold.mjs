// Milliseconds from the bytes of the module to the verdict on a packet: `node cold.mjs NPM PACKET ANCHOR`.
import { readFileSync } from "node:fs";
import path from "node:path";

import { verifyPacket } from "./measure.mjs";

const [npm, file, anchor] = process.argv.slice(2);
const module = readFileSync(path.join(npm, "web/vidimus_bg.wasm"));
const packet = readFileSync(file);
const wasm = await import(path.resolve(npm, "web/vidimus.js"));
const start = performance.now();
wasm.initSync({ module });
verifyPacket(wasm, packet, anchor);
console.log(performance.now() - start);
