// Evidence packets in the shipped wasm: the same report, to the byte, as the command line writes.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { cli, nativeReport } from "../support/cli.mjs";
import { saltedDigest } from "../support/documents.mjs";
import { binding, root, startWorker } from "../support/npm.mjs";
import { anchorFile, ledger, makePackets, viewFile } from "../support/packets.mjs";
import { needs } from "../support/vectors.mjs";

const folder = mkdtempSync(path.join(os.tmpdir(), "vidimus-"));
after(() => rmSync(folder, { recursive: true }));

const native = (file, ...options) => nativeReport([file], anchorFile, null, options);

/** A copy with one bit in its middle changed. */
const flipped = (bytes) => {
  const changed = Uint8Array.from(bytes);
  changed[changed.length >> 1] ^= 1;
  return changed;
};

const status = (report) => {
  const { verdict } = JSON.parse(report);
  return [verdict.status, verdict.code];
};

describe("packets", needs(ledger, cli), () => {
  let packets, anchor, view;
  before(async () => {
    packets = await makePackets(folder);
    [anchor, view] = [readFileSync(anchorFile, "utf8"), readFileSync(viewFile)];
  });

  const content = () => readFileSync(packets.file);

  describe("in the binding", () => {
    let npm;
    before(async () => (npm = await binding()));

    /** Verifies a packet; `documents` are contents. */
    const verify = (packet, { viewing, documents = [], by = anchor } = {}) => {
      let v = new npm.Verification(by, undefined, undefined, "packet").withAudit(undefined, viewing);
      if (documents.length > 0) v = v.withDocuments(documents.map((document) => digests(packet, document)));
      for (let at = 0; at < packet.length; v.dischargeInline()) at += v.feed(packet.subarray(at, at + 4_096)).consumed;
      while (!v.end()) v.dischargeInline();
      v.dischargeInline();
      return v.finish();
    };

    /** The digests of a document with the salts of a packet, in chunks. */
    const digests = (packet, document) => (npm.packetSalts(packet) ?? []).map((salt) => {
      const hasher = new npm.DocumentHasher(salt);
      for (let at = 0; at < document.length; at += 7) hasher.update(document.subarray(at, at + 7));
      return hasher.finish();
    });

    for (const [kind, says] of [
      ["subject", /are all accepted ones that concern the subject/],
      ["consent", /^After block \d+, which block \d+ of \S+ attests the consent/],
      ["document", /is number \d+ of the \d+ whose root the anchor/],
      ["absence", /no accepted record was signed by the key 0707/],
    ]) {
      for (const [name, isViewed] of [["", false], [", with a viewing file", true]]) {
        test(`give the report of the command line: ${kind}${name}`, async () => {
          const packet = readFileSync(packets[kind]);
          const isOfDocument = kind === "document";
          const report = verify(packet, {
            viewing: isViewed ? view : undefined,
            documents: isOfDocument ? [content()] : [],
          });
          assert.deepEqual(status(report), ["verified", "verified"]);
          const claims = JSON.parse(report).claims;
          assert.equal(claims.at(-1).kind, kind);
          assert.match(claims.at(-1).proven, says);
          const options = [...(isViewed ? ["--view", viewFile] : []), ...(isOfDocument ? ["--document", packets.file] : [])];
          assert.equal(report, await native(packets[kind], ...options));
        });
      }
    }

    test("open what their records seal with a viewing file, and nothing without", () => {
      const packet = readFileSync(packets.subject);
      const classes = (viewing) => JSON.parse(verify(packet, { viewing })).claims
        .flatMap(({ records }) => records.map(({ access }) => access?.classes)).filter((some) => some !== undefined);
      assert(classes().length > 0);
      assert(classes().every((some) => some === null));
      assert(classes(view).some((some) => some?.length > 0));
    });

    test("about a document are nothing without it, and nothing with another", async () => {
      const packet = readFileSync(packets.document);
      const without = verify(packet);
      assert.deepEqual(status(without), ["inconclusive", "incomplete"]);
      assert.equal(without, await native(packets.document));
      for (const [documents, expected] of [
        [[flipped(content())], ["rejected", "document.included"]],
        // It says nothing against the packet, and is not passed over.
        [[content(), Buffer.from("another")], ["inconclusive", "incomplete"]],
      ]) {
        const files = documents.map((bytes, at) => {
          const file = path.join(folder, `other-${at}`);
          writeFileSync(file, bytes);
          return file;
        });
        const report = verify(packet, { documents });
        assert.deepEqual(status(report), expected);
        assert.equal(report, await native(packets.document, ...files.flatMap((file) => ["--document", file])));
      }
    });

    test("that are altered, or of another ledger, show nothing", async () => {
      const packet = readFileSync(packets.subject);
      const altered = path.join(folder, "altered.vidimus-packet");
      writeFileSync(altered, flipped(packet));
      const report = verify(flipped(packet), { viewing: view });
      assert.equal(status(report)[0], "rejected");
      assert.equal(JSON.parse(report).claims, undefined);
      assert.equal(report, await native(altered, "--view", viewFile));
      const last = anchor.trim().at(-1);
      const mistyped = anchor.trim().slice(0, -1) + (last === "0" ? "1" : "0");
      assert.deepEqual(status(verify(packet, { by: mistyped })), ["rejected", "anchor.header-hash"]);
    });

    test("have salts, with which documents have the digests that are specified", () => {
      const packet = readFileSync(packets.document);
      const { salt } = packets.reading;
      assert.deepEqual(npm.packetSalts(packet).map((bytes) => Buffer.from(bytes)), [salt]);
      const [digest] = digests(packet, content());
      assert.deepEqual(Buffer.from(digest), saltedDigest(salt, content()));
      assert.deepEqual(npm.packetSalts(readFileSync(packets.subject)), []);
      assert.equal(npm.packetSalts(flipped(packet)), undefined);
    });

    test("are told by their first bytes", () => {
      const [packet, snapshot] = [packets.subject, ledger].map((file) => readFileSync(file).subarray(0, 32));
      assert.deepEqual([npm.isPacket(packet), npm.isPacket(snapshot)], [true, false]);
      assert.deepEqual([npm.isSnapshot(packet), npm.isSnapshot(snapshot)], [false, true]);
    });

    test("are given digests of 32 bytes, and no others", () => {
      const start = () => new npm.Verification("", undefined, undefined, "packet");
      assert.throws(() => new npm.DocumentHasher(new Uint8Array(31)), { code: "document" });
      assert.throws(() => start().withDocuments([[new Uint8Array(33)]]), { code: "document" });
      assert.throws(() => start().withDocuments("no"), { code: "document" });
    });

    test("are verified by the example of the README", async () => {
      const readme = readFileSync(path.join(root, "verifier/npm/README.md"), "utf8");
      const [, example] = readme.split("## An evidence packet")[1].match(/```js\n(.*?)```/s);
      const names = ["Verification", "DocumentHasher", "packetSalts", "anchor", "packet", "content"];
      const run = new Function(...names, `${example} return { verdict, claims };`);
      const { verdict, claims } =
        run(npm.Verification, npm.DocumentHasher, npm.packetSalts, anchor, readFileSync(packets.document), content());
      assert.equal(verdict.status, "verified");
      assert.deepEqual(claims, JSON.parse(await native(packets.document, "--document", packets.file)).claims);
    });
  });

  describe("in the worker", () => {
    let worker;
    before(async () => (worker = await startWorker()));

    const named = (name, bytes) => ({ path: name, file: new File([bytes], name) });
    const onDisk = (file) => named(path.basename(file), readFileSync(file));
    const begin = (run, files, viewing = null) => {
      const audit = { policy: null, view: viewing && new File([viewing], "a.view") };
      worker.post({ type: "verify", run, files, anchor, policy: null, limits: null, audit });
    };
    const run = (...request) => {
      begin(...request);
      return worker.answer();
    };

    test("are verified alone, and nothing is read again", async () => {
      const { type, json, viewing } = await run(1, [onDisk(packets.subject)], view);
      assert.deepEqual([type, viewing], ["report", false]);
      assert.equal(json, await native(packets.subject, "--view", viewFile));
    });

    test("are verified with the documents that come with them, in any order", async () => {
      const [packet, document] = [onDisk(packets.document), onDisk(packets.file)];
      const expected = await native(packets.document, "--document", packets.file);
      assert.equal((await run(2, [packet, document])).json, expected);
      assert.equal((await run(3, [document, packet])).json, expected);
      assert.deepEqual(status((await run(4, [packet])).json), ["inconclusive", "incomplete"]);
    });

    test("that are altered are rejected, whatever comes with them", async () => {
      const altered = named("a", flipped(readFileSync(packets.document)));
      const { json } = await run(5, [altered, onDisk(packets.file)]);
      assert.deepEqual(status(json), ["rejected", "packet.encoding"]);
    });

    test("are refused together with what they do not go with", async () => {
      const refusal = async (...files) => (await run(6, files.map(onDisk))).error;
      const cases = [
        [[packets.subject, ledger], /with it came a snapshot/],
        [[packets.subject, packets.consent], /second evidence packet/],
        [[packets.subject, viewFile], /about no document.*viewing file has a place of its own/],
      ];
      for (const [files, says] of cases) {
        const { code, message } = await refusal(...files);
        assert.equal(code, "mixed");
        assert.match(message, says);
      }
      assert.equal((await run(7, [onDisk(packets.subject)])).type, "report");
    });

    /** The document as a file whose slices `read` gives, by how often it was read. */
    const reading = (read) => {
      const { file } = onDisk(packets.file);
      let reads = 0;
      const slice = (...range) => ({ arrayBuffer: () => read((reads += 1), file.slice(...range)) });
      return { path: "reading.bin", file: { size: file.size, lastModified: file.lastModified, slice } };
    };

    test("leave nothing determined if a document changes while it is read", async () => {
      for (const last of [1, 2]) {
        const document = reading(async (reads, blob) => {
          if (reads > last) throw new DOMException("", "NotReadableError");
          return blob.arrayBuffer();
        });
        const { json } = await run(8, [onDisk(packets.document), document]);
        assert.deepEqual(status(json), ["inconclusive", "changed-file"]);
      }
    });

    test("say that their documents are read, and stop when told to", async () => {
      const document = reading(async (reads, blob) => {
        if (reads > 1) await new Promise((resolve) => setTimeout(resolve, 200));
        return blob.arrayBuffer();
      });
      begin(9, [onDisk(packets.document), document]);
      let progress = await worker.next();
      while (progress.phase === "read") progress = await worker.next();
      assert.deepEqual([progress.type, progress.phase, progress.size], ["progress", "documents", content().length]);
      worker.post({ type: "cancel", run: 9 });
      assert.deepEqual(status((await worker.answer()).json), ["inconclusive", "cancelled"]);
    });
  });
});
