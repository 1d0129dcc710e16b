/**
 * What a page and `vidimus.worker.js` say to each other, and a worker and the workers of its pool.
 *
 * Every message is plain data with a `type`; beside that only `File` and `WebAssembly.Module` occur,
 * which cross by structured cloning. `portal/src/protocol.rs` is the same in Rust.
 *
 * ```text
 * page ── load ─────────────▶ worker            worker ── load {pool: 0} ──▶ pool worker
 *      ◀──────────── ready ──                          ◀─────────── ready ──
 *      ── verify {run} ─────▶                          ── batch {job, bytes} ─▶
 *      ◀── progress {run} … ──                         ◀── discharged {job} ──
 *      ── cancel {run} ─────▶
 *      ◀── report | refused | failed {run}
 *      ◀── progress {run} … ──
 *      ◀── views | no-views | failed {run}
 *      ── account {run} ────▶
 *      ◀── progress {run} … ──
 *      ◀── accounting | no-accounting | failed {run}
 * ```
 *
 * A run ends with exactly one of `report`, `refused` and `failed`, unless the report says `viewing`: then
 * the files are read again, and it ends with `views`, `no-views` or `failed`, which changes nothing about
 * the report. After it, and until the next run, `account` has the files read again in the same way for what
 * a regime accounts for. `cancel` stops whatever is on. A worker that `failed` has trapped
 * and is of no more use: the page terminates it. While a run is on, something is heard from the worker
 * every 250 ms; a worker that is silent for ten seconds is dead. In either case the page asks another
 * worker to `give-up`, unless the report is out, so that there is a report whatever happens.
 */

/** To a worker. */
export type ToWorker =
  /** First of all. `module` spares the worker compiling `vidimus_bg.wasm` itself. */
  | { type: "load"; module: WebAssembly.Module | null; pool: number }
  /** Starts a run. `policy` and `limits` are JSON texts, or null for the defaults. */
  | {
      type: "verify";
      run: number;
      /**
       * One snapshot; one evidence packet, with the documents that it is about; or a raw export. What
       * they are is told by their first bytes.
       */
      files: NamedFile[];
      anchor: string;
      policy: string | null;
      limits: string | null;
      audit: Audit | null;
    }
  | { type: "cancel"; run: number }
  /** Asks for what a regime accounts for, of the run whose report was the last. */
  | { type: "account"; run: number; regime: string }
  /** Asks for the report of a run that another worker did not survive. */
  | {
      type: "give-up";
      run: number;
      reason: "cancelled" | "engine";
      anchor: string;
      policy: string | null;
      limits: string | null;
    }
  /** Asks what an anchor text says; `question` comes back with the answer. */
  | { type: "parse-anchor"; question: number; text: string }
  /** From a worker to one of its pool: the signatures of one batch. */
  | { type: "batch"; job: number; bytes: Uint8Array };

/**
 * What the audit is given. With a viewing file, `views` follow the report of a trusted ledger. A packet is
 * not audited: the viewing file opens what its records seal, and the policy says nothing.
 */
export interface Audit {
  /** TOML. */
  policy: File | null;
  /** Opens health data: it is read in the worker and kept nowhere. */
  view: File | null;
}

/** A file with its path below the folder that was chosen, `/` between names. */
export interface NamedFile {
  path: string;
  file: File;
}

/** From a worker. */
export type FromWorker =
  | {
      type: "ready";
      module: WebAssembly.Module;
      version: string;
      checks: Check[];
      violations: Violation[];
      regimes: Regime[];
      codes: Code[];
    }
  /** The module could not be loaded. */
  | { type: "unavailable"; message: string }
  | Progress
  /** `json` is the report file, to the byte. With `viewing` the run goes on. */
  | { type: "report"; run: number; json: string; viewing: boolean }
  /** `json` is what `vidimus who --format json` prints. */
  | { type: "views"; run: number; json: string }
  /** `cancelled`; or `changed`, where the files are not those that were verified. */
  | { type: "no-views"; run: number; error: Refusal }
  /** The files are what `vidimus report` prints. */
  | { type: "accounting"; run: number; regime: string; csv: string; html: string; json: string }
  /** As `no-views`; or `gone`, where the run is not the worker's last. */
  | { type: "no-accounting"; run: number; error: Refusal }
  /** Nothing was verified: what was asked for makes no sense, or a file cannot be read. */
  | { type: "refused"; run: number; error: Refusal }
  /** The engine broke down. */
  | { type: "failed"; run: number; message: string }
  /** `anchor` or `error` is null. */
  | { type: "anchor"; question: number; anchor: AnchorText | null; error: Refusal | null }
  /** From a worker of the pool. `bytes` say which signatures fail. */
  | { type: "discharged"; job: number; bytes: Uint8Array };

export interface Progress {
  type: "progress";
  run: number;
  /**
   * `scan` and `import` for raw exports, `documents` and `read` for a packet, `read` for a snapshot,
   * `signatures` after the last byte; `again` for the second pass, after the report.
   */
  phase: "scan" | "import" | "documents" | "read" | "signatures" | "again";
  /** Bytes of this phase that are done. */
  bytes: number;
  /** Bytes of this phase. */
  size: number;
  /** Of the whole run, in thousandths. */
  permille: number;
  blocks: number;
  signatures: number;
  outstanding: number;
  /** Bytes a second, over the last seconds. */
  rate: number;
  /** Milliseconds so far. */
  elapsed: number;
  /** Milliseconds to go as it looks now; null while nobody knows. */
  left: number | null;
}

export interface Refusal {
  code:
    | "anchor" | "policy" | "limits" | "audit-policy" | "viewing-file"
    | "empty" | "mixed" | "unreadable" | "too-large" | "busy" | "cancelled" | "changed" | "gone";
  message: string;
  /** Line of the anchor text, from 1. */
  line?: number;
  /** Line and column, or the entry, of the audit policy. */
  place?: string;
  /** The file that it is about. */
  path?: string;
}

export interface Check {
  id: string;
  step: string;
  source: string;
  says: string;
  why: string;
}

export interface Violation {
  id: string;
  severity: "info" | "low" | "medium" | "high" | "critical";
  heuristic: boolean;
  title: string;
  happened: string;
  matters: string;
  lawful: string;
  notProven: string;
}

export interface Regime {
  name: string;
  title: string;
  columns: { name: string; source: string; system: string | null }[];
}

export interface Code {
  system: string;
  code: string;
  words: string;
}

export interface AnchorText {
  lines: string[];
  anchors: { profile: string; chainId: string; height: string; headerHash: string }[];
  conflict: "hash" | "chain-id" | "no-profile" | "profile" | null;
}
