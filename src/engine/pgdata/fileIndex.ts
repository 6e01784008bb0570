import { randomBytes } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { digestBytes, type Algorithm } from './digest';
import { unreadable } from './errors';
import type { ListedFile } from './manifest';

/** Files of the largest backup that is read: a cluster has a few for each relation. */
const mostFiles = 1 << 24;

const algorithms = Object.keys(digestBytes) as Algorithm[];

/** What the manifest says of one file. */
export interface Listed {
  /** Its number, for `see`. */
  at: number;
  bytes: number;
  algorithm: Algorithm;
  checksum: Buffer;
}

/**
 * The files of a manifest without their names: 53 bits of a hash with a random seed stand for each, so that memory
 * goes by some 30 bytes a file (with CRC-32C) and not by the length of the text. Two names would have to collide to be
 * mistaken for each other, and nobody can prepare that.
 */
export class FileIndex {
  #slots = new Float64Array(1 << 12);
  #numbers = new Uint32Array(1 << 12);
  #sizes = new Float64Array(1 << 11);
  #kinds = new Uint8Array(1 << 11);
  #seen = new Uint8Array(1 << 11);
  #starts = new Float64Array(1 << 11);
  #checksums = Buffer.alloc(1 << 16);
  #used = 0;
  #count = 0;
  readonly #seeds = randomBytes(8);

  get count(): number {
    return this.#count;
  }

  /** False when a file of that name was listed before. Throws `pgdata.unreadable` for too many. */
  add({ path, bytes, algorithm, checksum }: ListedFile): boolean {
    if (this.#count >= mostFiles) throw unreadable('backup_manifest', l10n.t('It lists too many files.'));
    if (this.#count * 2 >= this.#slots.length) this.#rehash();
    const key = this.#key(path);
    const slot = this.#slot(key);
    if (this.#slots[slot] !== 0) return false;
    if (this.#count >= this.#sizes.length) this.#grow();
    while (this.#used + checksum.length > this.#checksums.length)
      this.#checksums = Buffer.concat([this.#checksums, Buffer.alloc(this.#checksums.length)]);
    const at = this.#count++;
    this.#slots[slot] = key;
    this.#numbers[slot] = at;
    this.#sizes[at] = bytes;
    this.#kinds[at] = algorithms.indexOf(algorithm);
    this.#starts[at] = this.#used;
    checksum.copy(this.#checksums, this.#used);
    this.#used += checksum.length;
    return true;
  }

  find(path: string): Listed | null {
    const slot = this.#slot(this.#key(path));
    if (this.#slots[slot] === 0) return null;
    const at = this.#numbers[slot]!;
    const algorithm = algorithms[this.#kinds[at]!]!;
    const start = this.#starts[at]!;
    return {
      at,
      bytes: this.#sizes[at]!,
      algorithm,
      checksum: this.#checksums.subarray(start, start + digestBytes[algorithm]),
    };
  }

  /** Notes that a file is there; false when it was seen before. */
  see(at: number): boolean {
    if (this.#seen[at]) return false;
    this.#seen[at] = 1;
    return true;
  }

  wasSeen(at: number): boolean {
    return this.#seen[at] === 1;
  }

  #key(path: string): number {
    const bytes = Buffer.from(path, 'utf8');
    let a = this.#seeds.readInt32LE(0);
    let b = this.#seeds.readInt32LE(4);
    for (const byte of bytes) {
      a = Math.imul(a ^ byte, 0x85ebca6b);
      a ^= a >>> 13;
      b = Math.imul(b + byte, 0xc2b2ae35);
      b ^= b >>> 16;
    }
    a = Math.imul(a ^ (a >>> 16), 0x9e3779b1) ^ b;
    b = Math.imul(b ^ (b >>> 15), 0x27d4eb2f) ^ a;
    // Never 0, which stands for an empty slot.
    return (a >>> 0) * 0x200000 + (b >>> 11) + 1;
  }

  #slot(key: number): number {
    const mask = this.#slots.length - 1;
    let slot = key % this.#slots.length;
    while (this.#slots[slot] !== 0 && this.#slots[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  #rehash(): void {
    const [slots, numbers] = [this.#slots, this.#numbers];
    this.#slots = new Float64Array(slots.length * 2);
    this.#numbers = new Uint32Array(slots.length * 2);
    for (let old = 0; old < slots.length; old++) {
      if (slots[old] === 0) continue;
      const slot = this.#slot(slots[old]!);
      this.#slots[slot] = slots[old]!;
      this.#numbers[slot] = numbers[old]!;
    }
  }

  #grow(): void {
    const length = this.#sizes.length * 2;
    const larger = <T extends Float64Array | Uint8Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#sizes = larger(this.#sizes, new Float64Array(length));
    this.#starts = larger(this.#starts, new Float64Array(length));
    this.#kinds = larger(this.#kinds, new Uint8Array(length));
    this.#seen = larger(this.#seen, new Uint8Array(length));
  }
}
