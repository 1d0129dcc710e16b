// The files of one run: read in slices, and only as long as they are what they were at the start.

/** Bytes that are read at a time. */
const SLICE = 1 << 20;

/** A file is another one by now, or is gone: what was read may be of two states. */
class ChangedFile extends Error {}

/** What was asked for makes no sense; `refusal` goes to the page as it is. */
class Refused extends Error {
  constructor(refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** One `File` of the page. */
class Source {
  constructor({ path, file }) {
    this.path = path;
    this.file = file;
    this.size = file.size;
    this.modified = file.lastModified;
  }

  /** The bytes from `start` to `end`, all of them. */
  async read(start, end) {
    let bytes;
    try {
      bytes = new Uint8Array(await this.file.slice(start, end).arrayBuffer());
    } catch (error) {
      // The File API lets a read fail once size or time of the file on disk differ from the `File`'s.
      throw new ChangedFile(`${this.path}: ${error.name}`);
    }
    if (bytes.length !== end - start || this.hasChanged()) throw new ChangedFile(this.path);
    return bytes;
  }

  hasChanged() {
    return this.file.size !== this.size || this.file.lastModified !== this.modified;
  }

  /** Reads the last byte once more, so that a change after the last read is seen too. */
  async confirm() {
    if (this.size > 0) await this.read(this.size - 1, this.size);
  }

  /** The slices of the file in order; the next one is on its way while this one is used. */
  async *slices() {
    const next = (start) => (start < this.size ? this.read(start, Math.min(start + SLICE, this.size)) : null);
    let pending = next(0);
    for (let start = 0; pending; start += SLICE) {
      const bytes = await pending;
      pending = next(start + SLICE);
      // Whoever stops before the end leaves a read behind that may fail unheard.
      pending?.catch(() => {});
      yield bytes;
    }
  }
}

/** Orders paths as the command line does: name by name from the top, each by its bytes. */
function pathOrder(path) {
  // No name holds a zero byte, so it ends a name before any other byte goes on with it.
  return String.fromCharCode(...new TextEncoder().encode(path.replaceAll("/", "\0")));
}

/**
 * Tells a snapshot, an evidence packet and a raw export apart by the first bytes of each file. What comes
 * with a packet are the documents that it is about.
 */
async function openSources(files, { isSnapshot, isPacket }) {
  if (files.length === 0) throw new Refused({ code: "empty", message: "There are no files." });
  const sources = files
    .map((named) => ({ order: pathOrder(named.path), source: new Source(named) }))
    .sort((a, b) => (a.order < b.order ? -1 : Number(a.order > b.order)))
    .map(({ source }) => source);
  const [snapshots, packets] = [[], []];
  for (const source of sources) {
    let head;
    try {
      head = await source.read(0, Math.min(64, source.size));
    } catch {
      const message = "The file cannot be read.";
      throw new Refused({ code: "unreadable", message, path: source.path });
    }
    if (isSnapshot(head)) snapshots.push(source);
    if (isPacket(head)) packets.push(source);
  }
  const [snapshot, packet, another] = [snapshots[0], ...packets];
  if (snapshot && packet) {
    throw mixed(packet, "This file is an evidence packet, and with it came a snapshot: verify one of the two at a time.");
  }
  if (another) throw mixed(another, "This file is a second evidence packet: verify one packet at a time.");
  if (packet) return { kind: "packet", sources: packets, documents: sources.filter((source) => source !== packet) };
  if (snapshot && sources.length > 1) {
    throw mixed(snapshot, "This file is a snapshot: verify one snapshot at a time, without other files.");
  }
  return { kind: snapshot ? "snapshot" : "export", sources, documents: [] };
}

/** Files that do not go together. */
function mixed({ path }, message) {
  return new Refused({ code: "mixed", message, path });
}
