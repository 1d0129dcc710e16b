// `vidimus.worker.js`: the messages of protocol.d.ts. A classic script, so that it starts anywhere.

let loading = null;
let pool = null;
let current = null;

const post = (message, transfer = []) => self.postMessage(message, transfer);

async function load({ module, pool: size }) {
  const compiled = module ?? (await compile());
  await wasm_bindgen({ module_or_path: compiled });
  pool = new Pool(size, compiled);
  const { version, checks, violations, codes } = wasm_bindgen;
  const catalogues = { checks: checks(), violations: violations(), codes: codes() };
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
    current = new Run(request, pool, post);
    const beat = setInterval(() => current?.heartbeat(), 250);
    try {
      const json = await current.report();
      const viewing = current.pass !== null;
      post({ type: "report", run, json, viewing });
      if (viewing) post(await viewed(current));
    } catch (error) {
      answerFailure(run, error);
    } finally {
      clearInterval(beat);
      current = null;
    }
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

/** The end of a run whose report is out: the views, or why there are none. */
async function viewed(current) {
  const { run } = current.request;
  try {
    return { type: "views", run, json: await current.views() };
  } catch (error) {
    if (error instanceof Refused) return { type: "no-views", run, error: error.refusal };
    if (isThrown(error)) return { type: "no-views", run, error };
    throw error;
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
