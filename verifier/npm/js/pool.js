// Workers that verify batches of signatures: this same script in another role.

/** Milliseconds without a word from a pool that has work, after which it is dead. */
const POOL_SILENCE = 10_000;

/** Batches that a worker has at once: one at work, one at the door. */
const DEPTH = 2;

/** The engine broke down: nothing is known of the file. */
class EngineFailure extends Error {}

class Pool {
  constructor(size, module) {
    this.waiting = [];
    this.done = [];
    this.failure = null;
    this.wake = null;
    this.job = 0;
    this.members = [];
    this.replace(size, module);
  }

  /** Starts `size` workers. Those that do not start are not missed: without any, work is done inline. */
  replace(size, module) {
    this.size = size;
    this.module = module;
    for (const { worker } of this.members) worker.terminate();
    this.members = [];
    if (typeof Worker === "undefined") return;
    for (let i = 0; i < size; i += 1) {
      let worker;
      try {
        worker = new Worker(self.location.href);
      } catch {
        return;
      }
      const member = { worker, ready: false, jobs: new Set() };
      worker.onmessage = ({ data }) => this.#hear(member, data);
      worker.onerror = (event) => {
        event.preventDefault();
        this.#lose(member, event.message ?? "a worker did not start");
      };
      worker.postMessage({ type: "load", module, pool: 0 });
      this.members.push(member);
    }
  }

  /** Workers that can be given a batch. */
  get live() {
    return this.members.some((member) => member.ready);
  }

  /** Batches that are with a worker. */
  get inFlight() {
    return this.members.reduce((sum, member) => sum + member.jobs.size, 0);
  }

  /** Puts a batch in the queue. */
  submit(bytes) {
    this.waiting.push(bytes);
    this.#assign();
  }

  /** What came back since the last call. Throws if a worker broke down over a batch. */
  takeDone() {
    if (this.failure) throw new EngineFailure(this.failure);
    return this.done.splice(0);
  }

  /** A batch that no worker has taken yet. */
  takeWaiting() {
    return this.waiting.shift();
  }

  /** Waits until something comes back, or until `signal` is called by somebody else. */
  async settled() {
    if (this.done.length > 0 || this.failure) return;
    let timer;
    await new Promise((resolve) => {
      this.wake = resolve;
      timer = setTimeout(() => {
        this.failure ??= "a worker of the pool fell silent";
        resolve();
      }, POOL_SILENCE);
    });
    clearTimeout(timer);
    this.wake = null;
  }

  signal() {
    this.wake?.();
  }

  /** Forgets the work of a run. Workers that broke down or are still busy with it are replaced. */
  reset() {
    const stuck = this.failure !== null;
    this.waiting = [];
    this.done = [];
    this.failure = null;
    if (stuck) this.replace(this.size, this.module);
    // What is still at work answers a job that nobody asks for any more.
    for (const member of this.members) member.stale = new Set([...(member.stale ?? []), ...member.jobs]);
  }

  #assign() {
    while (this.waiting.length > 0) {
      const free = this.members
        .filter((member) => member.ready && member.jobs.size < DEPTH)
        .sort((a, b) => a.jobs.size - b.jobs.size)[0];
      if (!free) return;
      const bytes = this.waiting.shift();
      this.job += 1;
      free.jobs.add(this.job);
      free.worker.postMessage({ type: "batch", job: this.job, bytes }, [bytes.buffer]);
    }
  }

  #hear(member, message) {
    if (message.type === "ready") member.ready = true;
    else if (message.type === "discharged") {
      member.jobs.delete(message.job);
      if (!member.stale?.delete(message.job)) this.done.push(message.bytes);
    } else return this.#lose(member, message.message ?? "a worker failed");
    this.#assign();
    this.signal();
  }

  #lose(member, message) {
    member.worker.terminate();
    this.members = this.members.filter((other) => other !== member);
    const atWork = [...member.jobs].filter((job) => !member.stale?.has(job));
    if (atWork.length > 0) this.failure ??= message;
    this.signal();
  }
}
