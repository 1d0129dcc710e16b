// `vidimus.worker.js`: the messages of protocol.d.ts. A classic script, so that it starts anywhere.

let loading = null;
let pool = null;
let current = null;
/** The last run, as long as more can be asked of its files. */
let last = null;

const post = (message, transfer = []) => self.postMessage(message, transfer);

async function load({ module, pool: size }) {
  const compiled = module ?? (await compile());
  await wasm_bindgen({ module_or_path: compiled });
  pool = new Pool(size, compiled);
  const { version, checks, violations, regimes, codes } = wasm_bindgen;
  const catalogues = { checks: checks(), violations: violations(), regimes: regimes(), codes: codes() };
  post({ type: "ready", module: compiled, version: version(), ...catalogues });
}

/** The module lies beside this script. */
async function compile() {
  const response = await fetch(new URL("vidimus_bg.wasm", self.location.href));
  if (!response.ok) throw new Error(`vidimus_bg.wasm: HTTP ${response.status}`);
  // Not compileStreaming: hosts that do not know the media type of wasm are many.
  return WebAssembly.compile(await response.arrayBuffer());
}

const answers = {
  async verify(request) {
    const { run } = request;
    if (current) {
      const message = "Another verification is running.";
      return post({ type: "refused", run, error: { code: "busy", message } });
    }
    last?.free();
    last = null;
    await work(new Run(request, pool, post), async () => {
      const json = await current.report();
      const viewing = current.isViewing;
      post({ type: "report", run, json, viewing });
      if (current.isTrusted) last = current;
      else current.free();
      if (viewing) await again("no-views", async () => ({ type: "views", json: await current.views() }));
    });
  },

  async account({ run, regime }) {
    const refuse = (code, message) => post({ type: "no-accounting", run, error: { code, message } });
    if (current) return refuse("busy", "Another verification is running.");
    if (last?.request.run !== run) return refuse("gone", "The ledger has to be verified again.");
    await work(last, () =>
      again("no-accounting", async () => ({ type: "accounting", regime, ...(await current.accounting(regime)) })));
  },

  cancel({ run }) {
    if (current?.request.run === run) current.cancel();
  },

  "give-up"({ run, reason, anchor, policy, limits }) {
    try {
      const { Verification } = wasm_bindgen;
      const verification = new Verification(anchor, policy ?? undefined, limits ?? undefined, "snapshot");
      post({ type: "report", run, json: verification.abandon(reason), viewing: false });
    } catch (error) {
      answerFailure(run, error);
    }
  },

  "parse-anchor"({ question, text }) {
    try {
      post({ type: "anchor", question, anchor: wasm_bindgen.parseAnchor(text), error: null });
    } catch (error) {
      const refusal = isThrown(error) ? error : { code: "anchor", message: String(error) };
      post({ type: "anchor", question, anchor: null, error: refusal });
    }
  },

  batch({ job, bytes }) {
    try {
      const discharged = wasm_bindgen.verifyBatch(bytes);
      post({ type: "discharged", job, bytes: discharged }, [discharged.buffer]);
    } catch (error) {
      post({ type: "failed", run: 0, message: String(error) });
    }
  },
};

self.onmessage = async ({ data }) => {
  if (data.type === "load") {
    loading = load(data).catch((error) => post({ type: "unavailable", message: String(error) }));
    return;
  }
  await loading;
  answers[data.type]?.(data);
};

/** Lets a run do something, of which something is heard meanwhile. */
async function work(run, body) {
  current = run;
  const beat = setInterval(() => current?.heartbeat(), 250);
  try {
    await body();
  } catch (error) {
    answerFailure(run.request.run, error);
  } finally {
    clearInterval(beat);
    current = null;
  }
}

/** What comes of reading the files again, or why nothing does. */
async function again(refused, body) {
  const { run } = current.request;
  try {
    post({ run, ...(await body()) });
  } catch (error) {
    if (error instanceof Refused) post({ type: refused, run, error: error.refusal });
    else if (isThrown(error)) post({ type: refused, run, error });
    else throw error;
  }
}

function answerFailure(run, error) {
  if (error instanceof Refused) post({ type: "refused", run, error: error.refusal });
  else if (isThrown(error)) post({ type: "refused", run, error });
  else post({ type: "failed", run, message: String(error) });
}

/** Whether the binding threw it on purpose: a plain object with a code, unlike a trap. */
function isThrown(error) {
  return typeof error === "object" && error !== null && !(error instanceof Error) && "code" in error;
}
