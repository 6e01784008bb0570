import * as l10n from '@vscode/l10n';
import { DamageError, damage } from '../errors';
import type { ByteReader } from '../io/byte-reader';

const AHEAD = 64 * 1024;

/** Sizes of integers and offsets, from the header. */
export interface Sizes {
  intSize: number;
  offsetSize: number;
  /** Bytes one step may read, whatever the file claims. */
  most: number;
}

/** More bytes are needed than are there; `parse` gets them and begins again. */
class Short extends Error {
  readonly needed: number;
  readonly what: string;

  constructor(needed: number, what: string) {
    super();
    this.needed = needed;
    this.what = what;
  }
}

/** Reads an archive's bytes, integers, strings and offsets from memory; every one checked against what is there. */
export class Cursor {
  readonly #bytes: Buffer;
  readonly #base: number;
  readonly #remaining: number;
  readonly sizes: Sizes;
  at = 0;

  constructor(bytes: Buffer, base: number, remaining: number, sizes: Sizes) {
    this.#bytes = bytes;
    this.#base = base;
    this.#remaining = remaining;
    this.sizes = sizes;
  }

  /** Position in the file. */
  get offset(): number {
    return this.#base + this.at;
  }

  /** Bytes from here to the end of the file, as far as known. */
  get remaining(): number {
    return this.#remaining - this.at;
  }

  byte(what: string): number {
    if (this.at >= this.#bytes.length) throw new Short(this.at + 1, what);
    return this.#bytes[this.at++]!;
  }

  /** Sign byte, then the magnitude, least significant byte first. */
  int(what: string): number {
    const { intSize } = this.sizes;
    const end = this.at + 1 + intSize;
    if (end > this.#bytes.length) throw new Short(end, what);
    let value = 0;
    for (let i = end - 1; i > this.at; i--) value = value * 256 + this.#bytes[i]!;
    const negative = this.#bytes[this.at] !== 0;
    this.at = end;
    return negative ? -value : value;
  }

  /** Raw bytes sharing memory with the reader, null for a null string. */
  text(what: string): Buffer | null {
    const from = this.offset;
    const length = this.int(what);
    if (length < 0) return null;
    if (length > this.remaining)
      throw damage(l10n.t('the length of {0} is {1}, more than the file can hold', what, length), from);
    if (length > this.sizes.most)
      throw damage(
        l10n.t('a text in {0} has {1} bytes, more than may be kept in memory', what, length),
        from,
      );
    const end = this.at + length;
    if (end > this.#bytes.length) throw new Short(end, what);
    const text = this.#bytes.subarray(this.at, end);
    this.at = end;
    return text;
  }

  /** Where data is: `flag` 1 not recorded, 2 recorded, 3 no data. */
  position(what: string): { flag: number; offset: number } {
    const { offsetSize } = this.sizes;
    const from = this.offset;
    const flag = this.byte(what);
    const end = this.at + offsetSize;
    if (end > this.#bytes.length) throw new Short(end, what);
    let offset = 0;
    for (let i = end - 1; i >= this.at; i--) offset = offset * 256 + this.#bytes[i]!;
    this.at = end;
    if (flag < 1 || flag > 3) throw damage(l10n.t('{0} has the unknown flag {1}', what, flag), from);
    if (flag === 2 && !Number.isSafeInteger(offset))
      throw damage(l10n.t('{0} is outside the file', what), from);
    return { flag, offset };
  }
}

/**
 * Runs a synchronous reading step on the reader's next bytes and takes what it used. A step that needs
 * more bytes than are in memory is run again with them; it must not have effects before it returns.
 */
export async function parse<T>(
  reader: ByteReader,
  sizes: Sizes,
  step: (cursor: Cursor) => T,
  entry: string | null = null,
): Promise<T> {
  let wanted = AHEAD;
  for (;;) {
    if (reader.available < wanted / 2 || wanted > AHEAD) await reader.fill(wanted);
    const bytes = reader.peek(reader.available);
    const cursor = new Cursor(bytes, reader.offset, reader.remaining, sizes);
    try {
      const result = step(cursor);
      reader.take(cursor.at);
      return result;
    } catch (error) {
      if (!(error instanceof Short)) throw error;
      if (error.needed > sizes.most)
        throw damage(
          l10n.t('{0} has a part of more than {1} bytes', error.what, sizes.most),
          reader.offset,
          entry,
        );
      if (wanted > bytes.length && bytes.length < error.needed)
        if (!(await reader.fill(error.needed)))
          throw damage(
            l10n.t('the file ends inside {0}', error.what),
            reader.offset + reader.available,
            entry,
          );
      // Twice as much each time: a step of many small parts must not be run again for each of them.
      wanted = Math.max(AHEAD + 1, error.needed, Math.min(2 * bytes.length, sizes.most));
    }
  }
}

/** Runs a reading step on bytes in memory; null when they are damaged or too few. */
export function tryParse<T>(
  bytes: Buffer,
  sizes: Omit<Sizes, 'most'>,
  step: (cursor: Cursor) => T,
): T | null {
  try {
    return step(new Cursor(bytes, 0, bytes.length, { ...sizes, most: bytes.length }));
  } catch (error) {
    if (error instanceof Short || error instanceof DamageError) return null;
    throw error;
  }
}
