import * as l10n from '@vscode/l10n';
import { damage } from '../errors';
import type { ByteReader } from '../io/byte-reader';

/** No single text of a table of contents may be larger, whatever the file claims: PostgreSQL's own limit is 1 GiB. */
export const MAX_TEXT = 256 * 1024 * 1024;

/** Reads an archive's integers, strings and offsets; every one checked against what is there. */
export class Primitives {
  readonly reader: ByteReader;
  intSize = 4;
  offsetSize = 8;

  constructor(reader: ByteReader) {
    this.reader = reader;
  }

  async byte(what: string): Promise<number> {
    if (this.reader.available < 1 && !(await this.reader.fill(1))) throw this.#cut(what);
    return this.reader.byte();
  }

  /** Sign and magnitude, least significant byte first. */
  async int(what: string): Promise<number> {
    const { reader, intSize } = this;
    if (reader.available <= intSize && !(await reader.fill(intSize + 1))) throw this.#cut(what);
    const sign = reader.byte();
    let value = 0;
    for (let i = 0, factor = 1; i < intSize; i++, factor *= 256) value += reader.byte() * factor;
    return sign ? -value : value;
  }

  /** Raw bytes, null for a null string; a copy. */
  async text(what: string): Promise<Buffer | null> {
    const at = this.reader.offset;
    const length = await this.int(what);
    if (length < 0) return null;
    if (length === 0) return Buffer.alloc(0);
    if (length > MAX_TEXT || length > this.reader.remaining)
      throw damage(l10n.t('the length of {0} is {1}, more than the file can hold', what, length), at);
    if (this.reader.available < length && !(await this.reader.fill(length))) throw this.#cut(what);
    return Buffer.from(this.reader.take(length));
  }

  /** A data position: `flag` 1 not recorded, 2 recorded, 3 no data. */
  async position(what: string): Promise<{ flag: number; offset: number }> {
    const { reader, offsetSize } = this;
    const at = reader.offset;
    if (reader.available <= offsetSize && !(await reader.fill(offsetSize + 1))) throw this.#cut(what);
    const flag = reader.byte();
    let offset = 0;
    for (let i = 0, factor = 1; i < offsetSize; i++, factor *= 256) offset += reader.byte() * factor;
    if (flag < 1 || flag > 3) throw damage(l10n.t('{0} has the unknown flag {1}', what, flag), at);
    if (flag === 2 && !Number.isSafeInteger(offset))
      throw damage(l10n.t('{0} points outside the file', what), at);
    return { flag, offset };
  }

  #cut(what: string) {
    return damage(l10n.t('the file ends inside {0}', what), this.reader.offset + this.reader.available);
  }
}
