// The JSON files of vectors/cometbft, but for the live chains and the steps of a light client, as
// exports: which files go together, from which anchor, and what must come of it.
//
// An answer that the vectors lack is made of what they hold. Nothing is signed here: where no commit
// over a block is in the vectors, one in which nobody votes stands in, and the policy asks for hash
// links up to the anchor, the block's own id.
import { readdirSync } from "node:fs";
import path from "node:path";

import { readJson, vectors } from "./vectors.mjs";

const CELESTIA = "cometbft/celestia-mocha4";
const RS = "cometbft/tendermint-rs";

/** The files, by their names in INDEX.tsv. */
export const singleFiles = () =>
  readdirSync(path.join(vectors, "cometbft"), { recursive: true })
    .map((file) => `cometbft/${file.split(path.sep).join("/")}`)
    .filter((file) => file.endsWith(".json") && !/^cometbft\/(ics23|live-)|\/model_based/.test(file))
    .sort();

/** Of these no validator is in any file. */
const WITHOUT_SET = ["kvstore_v0_34/block_by_hash", "kvstore_v0_34/block_search_evidence",
  "kvstore_v0_38/block_by_hash", "kvstore_v0_38/block_search_evidence", "rpc_support_2021/commit",
  "rpc_support_2021/commit_1"].map((name) => `${RS}/${name}.json`);

const PROOFS = ["kvstore_v0_34", "kvstore_v0_38"].map((name) => `${RS}/${name}/tx_search_with_prove.json`);

/** VALID in INDEX.tsv, and yet no run verifies them: why. */
export const NOT_VERIFIED = new Map([
  ...WITHOUT_SET.map((file) => [file, "its validators are in no file; whatever needs none of them holds"]),
  ...PROOFS.map((file) => [file, "proofs of transactions, of which the verifier takes none"]),
]);

const HEADERS = { require: "headers" };
const HASH_LINKS = { signatures: "hash-links" };

const result = (file) => {
  const answer = readJson(file);
  return answer.result ?? answer;
};

const anchorAt = (profile, { chain_id: chainId, height }, { hash }) =>
  `${profile}/${encodeURIComponent(chainId)}/${height}/${hash}`;

/** `/validators` of the one validator that a `/status` names. */
const onlyValidator = (folder, height) => ({
  block_height: String(height),
  validators: [result(`${RS}/${folder}/status.json`).validator_info],
  total: "1",
});

/** `/commit` in which the only validator does not vote. */
const unsigned = (header, blockId) => ({
  signed_header: {
    header,
    commit: {
      height: header.height,
      round: 0,
      block_id: blockId,
      signatures: [{ block_id_flag: 1, validator_address: "", timestamp: "0001-01-01T00:00:00Z", signature: "" }],
    },
  },
  canonical: false,
});

/** An entry of `/blockchain`: the import compares the header with the id beside it. */
const meta = (header, blockId) => ({ block_id: blockId, block_size: "0", header, num_txs: "0" });

/** Headers with their commits and sets; the header alone, where it is a file too, must be the same. */
function celestia(files) {
  const run = (file) => {
    const height = path.basename(path.dirname(file));
    const beside = [`${height}/header`, `blobstreamx/${height}/header`]
      .map((name) => `${CELESTIA}/${name}.json`)
      .filter((name) => files.includes(name));
    if (file.endsWith("/commit.json")) beside.push(`${CELESTIA}/${height}/validators_1.json`);
    const { header, commit } = result(file).signed_header ?? result(file);
    return { files: [file, ...beside], anchor: anchorAt("cometbft-0.34", header, commit.block_id), policy: HEADERS };
  };
  return files.filter((file) => /celestia-mocha4\/.*\/(signed_block|commit)\.json$/.test(file)).map(run);
}

/** A chain of one validator from its first block on. The last block shows what signed the one before. */
function kvstore(folder, profile) {
  const named = (name) => `${RS}/${folder}/${name}.json`;
  const files = ["blockchain_from_1_to_10", "block_at_height_1", "block_at_height_10", "commit_at_height_10",
    "block_results_at_height_10", "consensus_params", "genesis", "status", "abci_info"].map(named);
  const { blocks } = result(named("block_search"));
  const [before, last] = blocks.slice(-2);
  const validators = onlyValidator(folder, 1);
  const commit = { signed_header: { header: before.block.header, commit: last.block.last_commit }, canonical: true };
  const search = { blocks: blocks.slice(0, -1), total_count: String(blocks.length - 1) };
  return [
    {
      files,
      answers: { validators, commit, search },
      anchor: anchorAt(profile, before.block.header, before.block_id),
      counts: { blocks: blocks.length, commit_signatures: blocks.length },
    },
    {
      files: [named("block_search"), ...files],
      answers: { validators, commit: unsigned(last.block.header, last.block_id) },
      anchor: anchorAt(profile, last.block.header, last.block_id),
      policy: HASH_LINKS,
      counts: { blocks: blocks.length + 1, commit_signatures: 0 },
    },
  ];
}

function gaia() {
  const folder = "gaia_fixtures";
  const named = (name) => `${RS}/${folder}/${name}.json`;
  const [first, tenth] = [1, 10].map((height) => result(named(`block_at_height_${height}`)));
  const anchor = anchorAt("cometbft-0.34", tenth.block.header, tenth.block_id);
  const answers = { validators: onlyValidator(folder, 10) };
  return [
    {
      files: ["blockchain_from_1_to_10", "block_at_height_10", "commit_at_height_10", "block_results_at_height_10",
        "consensus_params", "genesis", "status", "abci_info_0", "abci_info_1", "abci_info_2"].map(named),
      answers,
      anchor,
    },
    {
      files: ["block_at_height_1", "genesis"].map(named),
      answers: { validators: onlyValidator(folder, 1), commit: unsigned(first.block.header, first.block_id) },
      anchor: anchorAt("cometbft-0.34", first.block.header, first.block_id),
      policy: HASH_LINKS,
    },
    // Results name no chain. Those of heights that are not verified are read as strictly.
    {
      files: [named("commit_at_height_10"), named("block_results_at_height_4555980"),
        `${RS}/dydx_fixtures/block_results_at_height_12791634.json`,
        `${RS}/sei_fixtures/block_results_with_failed_txs.json`],
      answers,
      anchor,
      policy: HEADERS,
    },
  ];
}

/** A header whose hash the test of tendermint-rs that reads it knows, beside one of its chain. */
function knownHash() {
  const file = `${RS}/serialization/block/header_with_known_hash.json`;
  const hash = "F30A71F2409FB15AACAEDB6CC122DFA2525BEE9CAE521721B06BFDCA291B8D56";
  const signed = `${RS}/kvstore_v0_34/commit_at_height_10.json`;
  const { header, commit } = result(signed).signed_header;
  const run = (claimed) => ({
    of: file,
    files: [signed],
    answers: {
      validators: onlyValidator("kvstore_v0_34", 10),
      meta: meta(readJson(file), { hash: claimed, parts: null }),
    },
    anchor: anchorAt("cometbft-0.34", header, commit.block_id),
    policy: HEADERS,
  });
  const other = { note: "another hash", verdict: ["rejected", "import.consistent"] };
  return [run(hash), { ...run(hash.replace("F", "0")), ...other }];
}

/**
 * Blocks and commits with another set than their own: they fail for it, and no sooner. What needs no
 * set is compared before: where it is altered, that is what fails.
 */
function withoutSet(file) {
  const found = result(file);
  const isCommit = "signed_header" in found;
  const [whole] = found.blocks ?? [found];
  const block = isCommit ? whole.signed_header : whole.block;
  const blockId = isCommit ? block.commit.block_id : whole.block_id;
  const { header } = block;
  const run = {
    of: file,
    anchor: anchorAt("cometbft-0.34", header, blockId),
    policy: isCommit ? HEADERS : HASH_LINKS,
  };
  const beside = (one) => ({
    validators: onlyValidator("gaia_fixtures", header.height),
    ...(isCommit ? { meta: meta(one, blockId) } : { commit: unsigned(one, blockId) }),
  });
  const altered = (note, change, code) => {
    const changed = { ...block, ...change };
    const answer = isCommit ? { signed_header: changed } : { block_id: blockId, block: changed };
    return { ...run, note, answers: { answer, ...beside(changed.header) }, verdict: ["rejected", code] };
  };
  const params = header.consensus_hash.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
  const runs = [
    { ...run, files: [file], answers: beside(header), verdict: ["rejected", "header.validators-hash"] },
    altered("its header altered", { header: { ...header, consensus_hash: params } }, "import.consistent"),
  ];
  if (isCommit) return runs;
  const txs = [...(block.data.txs ?? []), "AA=="];
  return [...runs, altered("a transaction more", { data: { txs } }, "block.data-hash")];
}

/** From before block protocol 11. What they lack is added, so that they fail for what they are. */
function legacy() {
  const rejected = (code) => ["rejected", code];
  const amino = ["_happy_path", "conflicting_headers", "not_enough_commits"]
    .map((name) => `${RS}/legacy_amino/${name}.json`)
    .flatMap((file) => readJson(file).primary.lite_blocks.map((block) => ({ file, block })))
    .map(({ file, block }) => ({
      of: file,
      note: `height ${block.signed_header.header.height}`,
      answers: { block },
      anchor: anchorAt("cometbft-0.34", block.signed_header.header, block.signed_header.commit.block_id),
      policy: HEADERS,
      verdict: rejected("header.version"),
    }));

  // A set has no header that would tell: it stands beside the blocks.
  const set = `${RS}/rpc_support_2021/validators.json`;
  const setAt = (height) => ({ ...result(set), block_height: height });
  const blocks = ["block", "first_block", "block_with_evidences"]
    .map((name) => `${RS}/rpc_support_2021/${name}.json`)
    .map((file) => ({ file, ...result(file) }))
    .map(({ file, block: { header }, block_id: blockId }) => ({
      of: set,
      note: `beside ${path.basename(file)}`,
      files: [file],
      answers: { validators: setAt(header.height), commit: unsigned(header, blockId) },
      anchor: anchorAt("cometbft-0.34", header, blockId),
      policy: HASH_LINKS,
      verdict: rejected("import.consistent"),
    }));

  const metas = `${RS}/rpc_support_2021/blockchain.json`;
  const bare = `${RS}/serialization/block/header.json`;
  const headers = [
    ...result(metas).block_metas.map(({ header, block_id: blockId }) => ({ of: metas, header, blockId })),
    { of: bare, header: readJson(bare), blockId: readJson(bare).last_block_id },
  ].map(({ of, header, blockId }) => ({
    of,
    note: `height ${header.height}`,
    answers: { validators: setAt(header.height), commit: unsigned(header, blockId) },
    policy: HEADERS,
    verdict: rejected("import.decoded"),
  }));
  return [...amino, ...blocks, ...headers];
}

/** What no run above holds: answers that say nothing of a ledger, and errors instead of answers. */
const alone = (file) => ({
  files: [file],
  verdict: /\/(block_at_height_0|subscribe_malformed)\.json$/.test(file)
    ? ["inconclusive", "incomplete"]
    : ["rejected", "import.decoded"],
});

/**
 * What is verified: `files` of the vectors, and `answers` made of them, or of the file that `of`
 * names; `anchor` and `policy`; the `verdict` as status and code; `counts` of the report.
 */
export function runs() {
  const files = singleFiles();
  const together = [
    ...celestia(files),
    ...kvstore("kvstore_v0_34", "cometbft-0.34"),
    ...kvstore("kvstore_v0_38", "cometbft-0.38.0"),
    ...gaia(),
    ...knownHash(),
    ...WITHOUT_SET.flatMap(withoutSet),
    ...legacy(),
  ];
  const covered = new Set(together.flatMap((run) => [run.of, ...(run.files ?? [])]));
  return [...together, ...files.filter((file) => !covered.has(file)).map(alone)].map((run) => ({
    of: run.files?.[0],
    files: [],
    answers: {},
    anchor: "",
    policy: null,
    verdict: ["verified", "verified"],
    counts: {},
    ...run,
  }));
}
