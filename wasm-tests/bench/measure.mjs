// What is measured alike in Node and in Chromium: the shipped wasm on one ledger, against its own
// signatures alone and against other libraries that do nothing but the signatures.

const CHUNK = 1 << 20;

/** Shortest of several runs: what else the machine does only ever adds. */
async function shortest(runs, run) {
  let best = Infinity;
  for (let n = 0; n < runs; n += 1) {
    const start = performance.now();
    await run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** One worker's whole work: reading, hashing, linking, every signature. */
function verify(wasm, container, anchor) {
  const verification = new wasm.Verification(anchor, undefined, undefined, "snapshot");
  for (let at = 0; at < container.length; ) {
    at += verification.feed(container.subarray(at, at + CHUNK)).consumed;
    verification.dischargeInline();
  }
  while (!verification.end()) verification.dischargeInline();
  verification.dischargeInline();
  const report = JSON.parse(verification.finish());
  if (report.verdict.status !== "verified") throw new Error(report.verdict.reason);
  return report;
}

/**
 * What the signatures of a verification take, and all the rest, in milliseconds; how many records there
 * are. `chunks` is the container, piece by piece.
 */
export async function shares(wasm, chunks, anchor) {
  const start = performance.now();
  const verification = new wasm.Verification(anchor, undefined, undefined, "snapshot");
  let signatures = 0;
  const discharge = () => {
    for (let batch = verification.nextBatch(); batch; batch = verification.nextBatch()) {
      const before = performance.now();
      const discharged = wasm.verifyBatch(batch);
      signatures += performance.now() - before;
      verification.discharge(discharged);
    }
  };
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      at += verification.feed(chunk.subarray(at, at + CHUNK)).consumed;
      discharge();
    }
  }
  while (!verification.end()) discharge();
  discharge();
  const report = JSON.parse(verification.finish());
  if (report.verdict.status !== "verified") throw new Error(report.verdict.reason);
  const { passed } = report.checks.find(({ id }) => id === "contract.signature");
  return { signatures, rest: performance.now() - start - signatures, records: Number(passed) };
}

/** The signatures that a verification asks for, in batches of 1,024. `chunks` is the container, piece by piece. */
async function batchesOf(wasm, chunks, anchor) {
  const limits = JSON.stringify({ batch_signatures: "1024" });
  const verification = new wasm.Verification(anchor, undefined, limits, "snapshot");
  const batches = [];
  const take = () => {
    for (let batch = verification.nextBatch(); batch; batch = verification.nextBatch()) {
      batches.push(batch);
      verification.discharge(wasm.verifyBatch(batch));
    }
  };
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      at += verification.feed(chunk.subarray(at, at + CHUNK)).consumed;
      take();
    }
  }
  while (!verification.end()) take();
  take();
  verification.free();
  return batches;
}

// An encoded batch is as verifier/src/signature/batch.rs describes it.
const viewOf = (batch) => new DataView(batch.buffer, batch.byteOffset, batch.byteLength);

/** How many signatures are in a batch. */
const countOf = (batch) => Number(viewOf(batch).getBigUint64(batch.byteLength - 8, true));

/** Whether they are signatures of records. */
const isOfRecords = (batch) => batch[16] === 3;

/** Its entries. */
function entriesOf(batch) {
  const view = viewOf(batch);
  const entries = [];
  for (let at = 17; at < batch.length - 8; ) {
    const length = Number(view.getBigUint64(at + 96, true));
    entries.push({
      key: batch.slice(at, at + 32),
      signature: batch.slice(at + 32, at + 96),
      message: batch.slice(at + 104, at + 104 + length),
    });
    at += 104 + length;
  }
  return entries;
}

async function webCrypto(entries) {
  const keys = new Map();
  for (const { key, signature, message } of entries) {
    const name = key.join();
    if (!keys.has(name)) keys.set(name, await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]));
    if (!(await crypto.subtle.verify("Ed25519", keys.get(name), signature, message))) throw new Error("WebCrypto");
  }
}

const each = (milliseconds, count) => (1000 * milliseconds) / count;

/**
 * Microseconds a signature for who does nothing but the signatures of a ledger: the ceiling, with all `count` of
 * them, and the alternatives, with some. `chunks` is the container, piece by piece.
 */
export async function alone(wasm, chunks, anchor, { ed25519, sodium }) {
  const batches = await batchesOf(wasm, chunks, anchor);
  const count = batches.reduce((sum, batch) => sum + countOf(batch), 0);
  const ceiling = each(await shortest(3, () => batches.forEach((batch) => wasm.verifyBatch(batch))), count);
  // Of records, where there are any: they are what such a ledger is made of.
  const ofRecords = batches.filter(isOfRecords);
  const kind = ofRecords.length > 0 ? ofRecords : batches;
  const entries = entriesOf(kind[Math.floor(kind.length / 2)]);
  const few = entries.slice(0, 200);
  const noble = each(
    await shortest(2, () => {
      for (const { key, signature, message } of few) {
        if (!ed25519.verify(signature, message, key, { zip215: true })) throw new Error("noble");
      }
    }),
    few.length,
  );
  const libsodium = each(
    await shortest(2, () => {
      for (const { key, signature, message } of entries) {
        if (!sodium.crypto_sign_verify_detached(signature, message, key)) throw new Error("libsodium");
      }
    }),
    entries.length,
  );
  const subtle = each(await shortest(2, () => webCrypto(entries)), entries.length);
  return { count, ceiling, noble, libsodium, subtle };
}

/** Microseconds a signature, for us, for the ceiling and for each alternative. */
export async function measure(wasm, container, anchor, libraries) {
  const { counts } = verify(wasm, container, anchor);
  const time = await shortest(3, () => verify(wasm, container, anchor));
  const others = await alone(wasm, [container], anchor, libraries);
  return { ...others, ours: each(time, Number(counts.commit_signatures)) };
}

/** An evidence packet, from its bytes to the report on it. */
export function verifyPacket(wasm, packet, anchor) {
  const verification = new wasm.Verification(anchor, undefined, undefined, "packet");
  verification.feed(packet);
  while (!verification.end()) verification.dischargeInline();
  verification.dischargeInline();
  const report = verification.finish();
  if (!report.includes('"status": "verified"')) throw new Error(report.slice(0, 300));
  return report;
}

/** Milliseconds of a packet's verification, and of its signatures alone: of many, as clocks of browsers are coarse. */
export async function packetTimes(wasm, packet, anchor) {
  const times = 100;
  const repeated = (run) => async () => {
    for (let n = 0; n < times; n += 1) run();
  };
  const verification = new wasm.Verification(anchor, undefined, undefined, "packet");
  verification.feed(packet);
  verification.end();
  const batches = [];
  for (let batch = verification.nextBatch(); batch; batch = verification.nextBatch()) batches.push(batch);
  verification.free();
  const whole = await shortest(5, repeated(() => verifyPacket(wasm, packet, anchor)));
  const alone = await shortest(5, repeated(() => batches.forEach((batch) => wasm.verifyBatch(batch))));
  return { whole: whole / times, alone: alone / times };
}
