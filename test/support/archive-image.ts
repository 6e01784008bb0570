/** A custom archive taken apart by a reader of our own tests: knows where everything lies, and can write it again. */

export interface ImageEntry {
  id: number;
  hasData: number;
  /** tableoid, oid, tag, desc. */
  head: [Text, Text, Text, Text];
  section: number;
  /** defn, dropStmt, copyStmt, namespace, tablespace, tableam. */
  texts: Text[];
  relkind: number;
  owner: Text;
  withOids: Text;
  dependencies: Buffer[];
}

export interface ArchiveImage {
  /** Seconds … isdst. */
  time: number[];
  /** Database, server's version, tool's version. */
  facts: Text[];
  compressed: boolean;
  entries: ImageEntry[];
  /** Bytes of each block, type and id included, in their order. */
  blocks: { id: number; bytes: Buffer }[];
  /** Where fields, entries, blocks and chunks begin, in order. */
  borders: number[];
  /** Where the data begins. */
  dataAt: number;
}

type Text = Buffer | null;

/** Takes an archive of version 1.14 or 1.16 apart. */
export function takeApart(bytes: Buffer): ArchiveImage {
  const borders: number[] = [];
  let at = 5;
  const byte = (): number => (borders.push(at), bytes[at++]!);
  const int = (): number => {
    borders.push(at);
    const value = bytes.readUInt32LE(at + 1) * (bytes[at] ? -1 : 1);
    at += 5;
    return value;
  };
  const text = (): Text => {
    const length = int();
    if (length < 0) return null;
    at += length;
    return bytes.subarray(at - length, at);
  };
  byte();
  const minor = byte();
  for (let i = 0; i < 4; i++) byte();
  const compressed = (minor >= 15 ? byte() : int()) !== 0;
  const time = Array.from({ length: 7 }, int);
  const facts = [text(), text(), text()];
  const entries = Array.from({ length: int() }, (): ImageEntry => {
    const [id, hasData] = [int(), int()];
    const head: ImageEntry['head'] = [text(), text(), text(), text()];
    const section = int();
    const texts = Array.from({ length: 6 }, text);
    const relkind = minor >= 16 ? int() : 0;
    const [owner, withOids] = [text(), text()];
    const dependencies: Buffer[] = [];
    for (let needed = text(); needed; needed = text()) dependencies.push(needed);
    byte();
    at += 8;
    return { id, hasData, head, section, texts, relkind, owner, withOids, dependencies };
  });
  const dataAt = at;
  const chunks = (): void => {
    for (let length = int(); length > 0; length = int()) at += length;
  };
  const blocks: ArchiveImage['blocks'] = [];
  while (at < bytes.length && bytes[at] !== 0) {
    const from = at;
    const type = byte();
    const id = int();
    if (type === 1) chunks();
    else while (int() !== 0) chunks();
    blocks.push({ id, bytes: bytes.subarray(from, at) });
  }
  return { time, facts, compressed, entries, blocks, borders, dataAt };
}

/** Writes an archive in another version, with offsets of 4 or 8 bytes, recorded or not. */
export function putTogether(
  image: ArchiveImage,
  { minor, offsetSize = 8, recorded = true }: { minor: number; offsetSize?: number; recorded?: boolean },
): Buffer {
  const write = (positions: Map<number, number>): Buffer => {
    const parts: Buffer[] = [];
    const int = (value: number): void => {
      const part = Buffer.alloc(5);
      part[0] = value < 0 ? 1 : 0;
      part.writeUInt32LE(Math.abs(value), 1);
      parts.push(part);
    };
    const text = (value: Text): void => {
      int(value?.length ?? -1);
      if (value) parts.push(value);
    };
    parts.push(Buffer.from('PGDMP'), Buffer.from([1, minor, 0, 4, ...(minor >= 7 ? [offsetSize] : []), 1]));
    if (minor >= 15) parts.push(Buffer.from([image.compressed ? 1 : 0]));
    else if (minor >= 4) int(image.compressed ? -1 : 0);
    else parts.push(Buffer.from([image.compressed ? 6 : 0]));
    if (minor >= 4) {
      image.time.forEach(int);
      image.facts.slice(0, minor >= 10 ? 3 : 1).forEach(text);
    }
    int(image.entries.length);
    for (const entry of image.entries) {
      int(entry.id);
      int(entry.hasData);
      entry.head.slice(minor >= 8 ? 0 : 1).forEach(text);
      if (minor >= 11) int(entry.section);
      const since = [0, 0, 3, 6, 10, 14];
      entry.texts.forEach((value, i) => minor >= since[i]! && text(value));
      if (minor >= 16) int(entry.relkind);
      text(entry.owner);
      if (minor >= 9) text(entry.withOids);
      if (minor >= 5) [...entry.dependencies, null].forEach(text);
      const position = positions.get(entry.id) ?? 0;
      if (minor >= 7) {
        const part = Buffer.alloc(1 + offsetSize);
        part[0] = !entry.hasData ? 3 : recorded ? 2 : 1;
        if (recorded) part.writeUInt32LE(position, 1);
        parts.push(part);
      } else {
        int(!entry.hasData ? 0 : recorded ? position : -1);
        int(0);
      }
    }
    return Buffer.concat(parts);
  };
  let at = write(new Map()).length;
  const positions = new Map<number, number>();
  for (const { id, bytes } of image.blocks) {
    positions.set(id, at);
    at += bytes.length;
  }
  return Buffer.concat([write(positions), ...image.blocks.map(({ bytes }) => bytes)]);
}
