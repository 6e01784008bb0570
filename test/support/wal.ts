import type { WalFile, WalSource } from '../../src/engine/physical';

/** XLOG_PAGE_MAGIC of the versions that write it. */
export const walMagic = { 13: 0xd106, 14: 0xd10d, 15: 0xd110, 16: 0xd113, 17: 0xd116, 18: 0xd118 } as const;

export interface WalWriterOptions {
  magic?: number;
  timeline?: number;
  systemIdentifier?: bigint;
  segmentBytes?: number;
  blockBytes?: number;
  /** Number of the first segment. */
  from?: number;
}

const HEADER = 24;

/**
 * Writes WAL as xloginsert.c does, bit by bit and slowly: what the reader is tested against besides real servers', for cases
 * that a server makes only by accident.
 */
export class WalWriter {
  readonly magic: number;
  readonly timeline: number;
  readonly systemIdentifier: bigint;
  readonly segmentBytes: number;
  readonly blockBytes: number;
  readonly from: number;
  #bytes = Buffer.alloc(0);
  #previous = 0n;
  #at = 0;

  constructor(options: WalWriterOptions = {}) {
    this.magic = options.magic ?? walMagic[17];
    this.timeline = options.timeline ?? 1;
    this.systemIdentifier = options.systemIdentifier ?? 7_713_795_231_221_516_573n;
    this.segmentBytes = options.segmentBytes ?? 1024 * 1024;
    this.blockBytes = options.blockBytes ?? 8192;
    this.from = options.from ?? 1;
  }

  /** Bytes of all segments that are begun. */
  get at(): number {
    return this.#at;
  }

  #address(): bigint {
    return BigInt(this.from) * BigInt(this.segmentBytes) + BigInt(this.#at);
  }

  #reserve(): void {
    if (this.#at < this.#bytes.length) return;
    this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.segmentBytes)]);
  }

  #page(missing: number, flags = missing > 0 ? 1 : 0): void {
    this.#reserve();
    const isFirst = this.#at % this.segmentBytes === 0;
    const at = this.#at;
    const bytes = this.#bytes;
    bytes.writeUInt16LE(this.magic, at);
    bytes.writeUInt16LE(flags | (isFirst ? 2 : 0), at + 2);
    bytes.writeUInt32LE(this.timeline, at + 4);
    bytes.writeBigUInt64LE(this.#address(), at + 8);
    bytes.writeUInt32LE(missing, at + 16);
    if (isFirst) {
      bytes.writeBigUInt64LE(this.systemIdentifier, at + 24);
      bytes.writeUInt32LE(this.segmentBytes, at + 32);
      bytes.writeUInt32LE(this.blockBytes, at + 36);
    }
    this.#at += isFirst ? 40 : 24;
  }

  /**
   * A record with so many bytes of data, or with these; `most` bytes of it are written at most (a crash in its middle). Returns where
   * it begins.
   */
  record(
    content: number | Buffer,
    {
      rmid = 10,
      info = 0,
      xid = 0,
      most = Infinity,
    }: { rmid?: number; info?: number; xid?: number; most?: number } = {},
  ): bigint {
    const data = typeof content === 'number' ? content : content.length;
    if (this.#at % this.blockBytes === 0) this.#page(0);
    const record = Buffer.alloc(HEADER + data);
    record.writeUInt32LE(record.length, 0);
    record.writeUInt32LE(xid, 4);
    record.writeBigUInt64LE(this.#previous, 8);
    record[16] = info;
    record[17] = rmid;
    if (typeof content !== 'number') content.copy(record, HEADER);
    else for (let i = HEADER; i < record.length; i++) record[i] = ((i * 7) % 255) | 1;
    record.writeUInt32LE(crc32c(Buffer.concat([record.subarray(HEADER), record.subarray(0, 20)])), 20);
    const begins = this.#address();
    for (let done = 0; done < Math.min(record.length, most);) {
      if (this.#at % this.blockBytes === 0) this.#page(record.length - done);
      const room = this.blockBytes - (this.#at % this.blockBytes);
      const size = Math.min(room, record.length - done, most - done);
      record.copy(this.#bytes, this.#at, done, done + size);
      done += size;
      this.#at += size;
    }
    if (most < record.length) return begins;
    this.#previous = begins;
    this.#at = Math.ceil(this.#at / 8) * 8;
    return begins;
  }

  /** Records of some lengths up to the end of the segment, the last one into the next. */
  fill(data = 777): void {
    const end = (Math.floor(this.#at / this.segmentBytes) + 1) * this.segmentBytes;
    while (this.#at < end) this.record(data + (this.#at % 100));
  }

  /** pg_switch_wal. */
  switch(): void {
    this.record(0, { rmid: 0, info: 0x40 });
    this.#at = Math.ceil(this.#at / this.segmentBytes) * this.segmentBytes;
  }

  /** The server comes up again after a record that was not written whole: the next page says so. */
  recover(): void {
    this.#at = Math.ceil(this.#at / this.blockBytes) * this.blockBytes;
    this.#page(0, 8);
    this.record(16, { rmid: 0, info: 0xd0 });
  }

  /** The segments that are begun, by name. */
  segments(): { name: string; bytes: Buffer }[] {
    const perLog = 0x1_0000_0000 / this.segmentBytes;
    const found = [];
    for (let at = 0; at < this.#bytes.length; at += this.segmentBytes) {
      const number = this.from + at / this.segmentBytes;
      const parts = [this.timeline, Math.floor(number / perLog), number % perLog];
      found.push({
        name: parts.map((part) => part.toString(16).toUpperCase().padStart(8, '0')).join(''),
        bytes: this.#bytes.subarray(at, at + this.segmentBytes),
      });
    }
    return found;
  }
}

/** The checksum bit by bit. */
export function crc32c(bytes: Buffer): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f6_3b78 : 0);
  }
  return ~crc >>> 0;
}

/** An archive in memory: file names with their content, or with a size alone. */
export function memoryArchive(
  files: Record<string, Buffer | string | number>,
): WalSource & { removed: string[] } {
  const removed: string[] = [];
  const bytesOf = (content: Buffer | string | number): Buffer =>
    typeof content === 'number' ? Buffer.alloc(0) : Buffer.from(content);
  return {
    name: 'memory',
    removed,
    list: async () =>
      await Promise.resolve(
        Object.entries(files).map(([path, content]): WalFile => {
          const name = path.slice(path.lastIndexOf('/') + 1);
          const bytes = typeof content === 'number' ? content : bytesOf(content).length;
          return { path, name, bytes, modified: '2026-11-30T01:02:03.000Z' };
        }),
      ),
    async *open({ path }) {
      yield await Promise.resolve(bytesOf(files[path]!));
    },
    async remove({ path }) {
      await Promise.resolve(removed.push(path));
    },
  };
}
