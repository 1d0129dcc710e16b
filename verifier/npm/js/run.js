// One verification, from its files to its report.

/** Milliseconds between two messages of progress. */
const BEAT = 100;

/** Milliseconds of inline work after which other messages are looked at. */
const TURN = 30;

/** Most bytes of what is read whole: a viewing file, an audit policy, a packet with documents. */
const WHOLE = 1 << 26;

class Cancelled extends Error {}

class Run {
  constructor(request, pool, post) {
    this.request = request;
    this.pool = pool;
    this.post = post;
    this.started = performance.now();
    this.turn = this.started;
    this.beat = 0;
    this.cancelled = false;
    this.phase = "read";
    this.bytes = 0;
    this.size = 0;
    this.work = { before: 0, total: 0 };
    this.counts = { blocks: 0, signatures: 0, outstanding: 0 };
    this.marks = [];
    /** What the report rests on, once it is there. */
    this.conclusion = null;
    /** The second pass that is on. */
    this.pass = null;
    /** Turns of waiting in a row in which there was nothing to wait for. */
    this.idle = 0;
  }

  /** Whether more can be asked of the files than the report. */
  get isTrusted() {
    return this.conclusion?.isTrusted ?? false;
  }

  /** Whether views follow the report. */
  get isViewing() {
    return this.isTrusted && this.audit.view !== undefined;
  }

  free() {
    this.conclusion?.free();
    this.conclusion = null;
  }

  cancel() {
    this.cancelled = true;
    this.pool.signal();
  }

  /** The report as JSON. Throws what is no verdict: `Refused`, or a trap. */
  async report() {
    const { anchor, policy, limits, files } = this.request;
    const { auditPolicy, view } = (this.audit = await readAudit(this.request.audit));
    // Errors of the caller's are found before any file is read.
    const start = (kind) =>
      new wasm_bindgen.Verification(anchor, policy ?? undefined, limits ?? undefined, kind).withAudit(auditPolicy, view);
    start("snapshot").free();
    const { kind, sources, documents } = await openSources(files, wasm_bindgen);
    Object.assign(this, { kind, sources, documents });
    this.verification = start(kind);
    try {
      if (documents.length > 0) this.verification = this.verification.withDocuments(await this.#digests());
      const exported = await this.#read((bytes) => this.#feed(bytes));
      exported?.endImport(this.verification);
      exported?.free();
      while (!this.verification.end()) await this.#settle();
      this.#phase("signatures", 0);
      this.#dispatch();
      while (this.#progress().outstanding > 0) await this.#settle();
      for (const source of [...sources, ...documents]) await source.confirm();
      this.#check();
    } catch (error) {
      const reason = abandonReason(error);
      if (reason) return this.verification.abandon(reason);
      throw error;
    } finally {
      this.pool.reset();
    }
    this.conclusion = this.verification.conclude();
    return this.conclusion.report;
  }

  /** The views of the viewing file's subjects as JSON. */
  async views() {
    const collector = new wasm_bindgen.ViewCollector(this.audit.view);
    await this.#again(collector);
    return collector.finish();
  }

  /** What a regime accounts for, as three files. */
  async accounting(regime) {
    const collector = this.conclusion.accounting(regime);
    await this.#again(collector);
    const accounting = collector.finish();
    const files = { csv: accounting.csv(), html: accounting.html(), json: accounting.json() };
    accounting.free();
    return files;
  }

  /**
   * Lets `collector` take what a second pass over the same files has. Throws `Refused` if there is none,
   * which changes nothing about the report.
   */
  async #again(collector) {
    const started = performance.now();
    Object.assign(this, { started, cancelled: false, size: 0, work: { before: 0, total: 0 } });
    this.pass = this.conclusion.secondPass();
    try {
      const exported = await this.#read(async (bytes) => {
        this.pass.feed(bytes);
        collector.take(this.pass);
        await this.#breathe();
      });
      exported?.free();
      this.pass.finish();
      collector.take(this.pass);
    } catch (error) {
      if (error instanceof Cancelled) throw new Refused({ code: "cancelled", message: "It was stopped." });
      if (error instanceof ChangedFile) throw new Refused({ code: "changed", message: error.message });
      throw error;
    } finally {
      this.pass.free();
      this.pass = null;
    }
  }

  /** Of each document its digests, one for each salt of the packet. Throws `Refused` if it is about none. */
  async #digests() {
    const { sources: [packet], documents } = this;
    const { path, size } = packet;
    if (size > WHOLE) {
      throw new Refused({ code: "too-large", message: "The packet is too large to be compared with documents.", path });
    }
    // What is no packet has no salts, and is rejected for what it is.
    const salts = wasm_bindgen.packetSalts(await packet.read(0, size));
    if (salts?.length === 0) {
      const message = "This evidence packet is about no document: verify it without other files. A viewing file has a place of its own.";
      throw mixed(packet, message);
    }
    const work = documents.reduce((sum, document) => sum + document.size, 0);
    this.work.total = work + size;
    this.#phase("documents", work);
    const digests = [];
    for (const document of documents) {
      const hashers = (salts ?? []).map((salt) => new wasm_bindgen.DocumentHasher(salt));
      for await (const slice of document.slices()) {
        for (const hasher of hashers) hasher.update(slice);
        this.#advance(slice.length);
        await this.#breathe();
      }
      digests.push(hashers.map((hasher) => hasher.finish()));
    }
    return digests;
  }

  /** Reads the files and hands the container over as it comes; an export comes back, to be ended. */
  async #read(take) {
    if (this.kind === "export") return this.#export(take);
    const [source] = this.sources;
    // Documents were counted in before.
    this.work.total ||= source.size;
    this.#phase("read", source.size);
    for await (const slice of source.slices()) {
      await take(slice);
      this.#advance(slice.length);
    }
    return null;
  }

  /** Two passes: what is where, then the values in the ledger's order. */
  async #export(take) {
    const { sources } = this;
    const size = sources.reduce((sum, source) => sum + source.size, 0);
    this.work.total = 2 * size;
    const exported = new wasm_bindgen.Export(this.request.limits ?? undefined);
    try {
      this.#phase("scan", size);
      for (const source of sources) {
        exported.startSource(source.path);
        for await (const slice of source.slices()) {
          exported.scan(slice);
          this.#advance(slice.length);
          await this.#breathe();
        }
        exported.endSource();
      }
      exported.endScan();
      this.#phase("import", size);
      for (let request = exported.nextRequest(); request; request = exported.nextRequest()) {
        const { source, offset, length } = request;
        const bytes = await sources[source].read(offset, offset + length);
        await take(exported.supply(bytes));
        this.#advance(length);
      }
      await take(exported.takeOutput());
      return exported;
    } catch (error) {
      exported.free();
      throw error;
    }
  }

  /** Hands all of `bytes` over, and waits for signatures whenever too many are outstanding. */
  async #feed(bytes) {
    for (let rest = bytes; rest.length > 0; ) {
      const { consumed } = (this.counts = this.verification.feed(rest));
      rest = rest.subarray(consumed);
      this.#dispatch();
      if (consumed === 0) await this.#settle();
    }
    await this.#breathe();
  }

  /** Hands out the batches that are ready and takes in those that are done. */
  #dispatch() {
    for (const discharged of this.pool.takeDone()) this.verification.discharge(discharged);
    for (let batch = this.verification.nextBatch(); batch; batch = this.verification.nextBatch()) {
      this.pool.submit(batch);
    }
  }

  /** Makes progress on outstanding signatures: by the pool, or here if there is none. */
  async #settle() {
    this.#dispatch();
    if (this.pool.inFlight > 0) {
      this.idle = 0;
      await this.pool.settled();
    } else {
      const batch = this.pool.takeWaiting();
      if (batch) this.verification.discharge(wasm_bindgen.verifyBatch(batch));
      else if (this.idle > 0) throw new EngineFailure("signatures are outstanding that nobody has");
      this.idle = batch ? 0 : this.idle + 1;
    }
    this.#dispatch();
    await this.#breathe();
  }

  /** Says how far it is, now and then, and lets a cancel through. */
  async #breathe() {
    const now = performance.now();
    if (now - this.beat >= BEAT) {
      this.beat = now;
      this.#say(now);
    }
    if (now - this.turn >= TURN) {
      await nextTurn();
      this.turn = performance.now();
    }
    this.#check();
  }

  #check() {
    if (this.cancelled) throw new Cancelled();
  }

  #progress() {
    return (this.counts = this.verification.progress());
  }

  #phase(phase, size) {
    this.work.before += this.size;
    Object.assign(this, { phase, size, bytes: 0, marks: [] });
    this.#say(performance.now());
  }

  #advance(bytes) {
    this.bytes += bytes;
  }

  /** Something is heard of a run even while it waits. */
  heartbeat() {
    if (performance.now() - this.beat >= 2 * BEAT) this.#say(performance.now());
  }

  #say(now) {
    const { run } = this.request;
    const { blocks, signatures, outstanding } = this.counts;
    // The rate over the last five seconds; what came before may have been another kind of work.
    this.marks.push({ now, bytes: this.bytes });
    while (this.marks.length > 2 && now - this.marks[0].now > 5_000) this.marks.shift();
    const span = now - this.marks[0].now;
    const rate = span > 0 ? Math.round(((this.bytes - this.marks[0].bytes) * 1_000) / span) : 0;
    const done = this.work.before + this.bytes;
    const left = rate > 0 && span > 500 ? Math.round(((this.work.total - done) * 1_000) / rate) : null;
    this.post({
      type: "progress",
      run,
      phase: this.pass ? "again" : this.phase,
      bytes: Math.min(this.bytes, this.size),
      size: this.size,
      permille: this.work.total > 0 ? Math.min(1_000, Math.round((done * 1_000) / this.work.total)) : 0,
      blocks,
      signatures,
      outstanding,
      rate,
      elapsed: Math.round(now - this.started),
      left: left === null ? null : Math.max(0, left),
    });
  }
}

/** What the audit is given, read to its end: both are small. Throws `Refused`. */
async function readAudit(audit) {
  const [policy, view] = [await readWhole(audit?.policy), await readWhole(audit?.view)];
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { auditPolicy: policy && decoder.decode(policy), view };
  } catch {
    throw new Refused({ code: "audit-policy", message: "not a text in UTF-8", path: audit.policy.name });
  }
}

async function readWhole(file) {
  if (!file) return undefined;
  if (file.size > WHOLE) throw new Refused({ code: "too-large", message: "The file is too large.", path: file.name });
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new Refused({ code: "unreadable", message: "The file cannot be read.", path: file.name });
  }
}

/** The reason to give up that an error stands for; none for a trap, after which nothing can be asked. */
function abandonReason(error) {
  if (error instanceof Cancelled) return "cancelled";
  if (error instanceof ChangedFile) return "changed-file";
  if (error instanceof EngineFailure) return "engine";
  return null;
}

const turns = new MessageChannel();
const waitingTurns = [];
turns.port1.onmessage = () => waitingTurns.shift()?.();

/** Resolves after the messages that are waiting; without the delay of a timer. */
function nextTurn() {
  return new Promise((resolve) => {
    waitingTurns.push(resolve);
    turns.port2.postMessage(null);
  });
}
