// The rows of maps for the contract's state in Node: `node maps.mjs GLUE`, where GLUE is the script
// beside the module of vidimus-bench. Each row has a module of its own, since memory never shrinks.
import { readFileSync } from "node:fs";
import path from "node:path";

const glue = path.resolve(process.argv[2]);
const module = new WebAssembly.Module(readFileSync(glue.replace(/\.js$/, "_bg.wasm")));

for (const subjects of [10_000, 100_000, 300_000]) {
  for (const name of ["vidimus::state", "jmt", "trie-db"]) {
    const fresh = await import(`${glue}?${name},${subjects}`);
    fresh.initSync({ module });
    console.log(fresh.measureMap(name, subjects, () => performance.now()));
  }
}
