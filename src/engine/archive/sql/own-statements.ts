import { copyTarget } from '../rows/columns';
import { readFromStream, type ByteSource } from '../io/source';
import { SliceSource } from '../io/slice-source';
import { textCodec } from '../text';
import type { ReadOptions } from '../types';
import type { ScriptData, ScriptRange } from './data-ranges';
import { InsertTargets } from './insert-targets';
import { ScriptScanner, type ScriptHandler } from './scanner';
import { ScriptSettings } from './script-settings';

const SEMICOLON = Buffer.from(';');
/** Bytes of an open statement that are kept; a longer one is read once more. */
const MOST_KEPT = 4 * 1024 * 1024;

/** The INSERTs into one table of a mixed range of a script: its statements, each with a semicolon. */
export class OwnStatements implements ByteSource {
  readonly size: number;
  readonly seekable = false;
  readonly stored: number;
  readonly #range: SliceSource;
  readonly #data: ScriptData;

  constructor(script: ByteSource, range: ScriptRange, data: ScriptData) {
    this.#range = new SliceSource(script, range.from, range.to - range.from);
    this.#data = data;
    this.size = range.own;
    this.stored = this.#range.stored;
  }

  async read(position: number, length: number, signal?: AbortSignal): Promise<Buffer> {
    return await readFromStream(this, position, length, signal);
  }

  async *stream(position: number, options: ReadOptions = {}): AsyncGenerator<Buffer> {
    let skip = position;
    for await (const bytes of this.#all(options)) {
      if (skip < bytes.length) yield bytes.subarray(skip);
      skip = Math.max(0, skip - bytes.length);
    }
  }

  async *#all(options: ReadOptions): AsyncGenerator<Buffer> {
    const finder = new Finder(this.#data);
    /** The script from the statement on that is open. */
    const kept: Buffer[] = [];
    let base = 0;
    let end = 0;
    let last = false;
    const pieces = this.#range.stream(0, options);
    try {
      while (!last) {
        const { value: piece, done } = await pieces.next();
        last = done === true;
        if (piece) {
          kept.push(piece);
          end += piece.length;
          finder.scanner.push(piece);
        } else finder.scanner.end();
        const found = finder.take();
        if (found.length > 0) {
          const bytes = kept.length === 1 ? kept[0]! : Buffer.concat(kept);
          yield* this.#statements(found, bytes, base, options);
        }
        const from = Math.min(finder.scanner.openSince ?? finder.scanner.read, end);
        while (kept.length > 0 && (base + kept[0]!.length <= from || end - base > MOST_KEPT))
          base += kept.shift()!.length;
      }
    } finally {
      await pieces.return(undefined);
    }
  }

  async *#statements(
    found: { from: number; to: number }[],
    bytes: Buffer,
    base: number,
    options: ReadOptions,
  ): AsyncGenerator<Buffer> {
    const together: Buffer[] = [];
    for (const { from, to } of found) {
      if (from >= base) {
        together.push(bytes.subarray(from - base, to - base), SEMICOLON);
        continue;
      }
      yield Buffer.concat(together.splice(0));
      yield* new SliceSource(this.#range, from, to - from).stream(0, options);
      yield SEMICOLON;
    }
    yield Buffer.concat(together);
  }

  storedBefore(position: number): number {
    return this.size > 0 ? this.stored * Math.min(1, position / this.size) : 0;
  }

  async close(): Promise<void> {}
}

/** Finds the statements of one table, as `ScriptEntries` does. */
class Finder implements ScriptHandler {
  readonly scanner: ScriptScanner;
  readonly #data: ScriptData;
  readonly #settings = new ScriptSettings();
  readonly #targets = new InsertTargets();
  #found: { from: number; to: number }[] = [];

  constructor(data: ScriptData) {
    this.#data = data;
    this.#settings.encoding = data.encoding;
    this.#settings.escapes = data.escapes;
    this.scanner = new ScriptScanner(this);
    this.scanner.backslashEscapes = data.escapes;
    this.scanner.setEncoding(textCodec(data.encoding));
  }

  /** What was found since the last time. */
  take(): { from: number; to: number }[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  statement(...[statement, { verb, alike }]: Parameters<ScriptHandler['statement']>) {
    if (verb === 'insert') {
      const { encoding, escapes, target } = this.#data;
      const found = this.#targets.of(statement, alike);
      if (
        found?.name === target.name &&
        found.schema === target.schema &&
        this.#settings.encoding === encoding &&
        this.#settings.escapes === escapes
      )
        this.#found.push({ from: statement.offset, to: statement.offset + statement.bytes });
    } else if (verb === 'set' || verb === 'reset') {
      this.#settings.set(statement.text);
      this.#follow();
    } else if (verb === 'copy' && copyTarget(statement.text)) return { copyColumns: null };
    return null;
  }

  meta(text: string): void {
    if (this.#settings.meta(text)) this.#follow();
  }

  comment(): void {}

  copied(): void {}

  #follow(): void {
    this.scanner.setEscapes(this.#settings.escapes);
    this.scanner.setEncoding(textCodec(this.#settings.encoding));
  }
}
