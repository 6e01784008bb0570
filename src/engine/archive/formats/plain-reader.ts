import { noData, noLargeObject } from '../errors';
import { JoinedSource } from '../io/joined-source';
import { SliceSource } from '../io/slice-source';
import type { ByteSource } from '../io/source';
import type { ScriptData } from '../sql/data-ranges';
import { OwnStatements } from '../sql/own-statements';
import { entryLabel } from '../toc/entries';
import type { Contents, Entry, LargeObject, OpenOptions } from '../types';
import { readScript } from './plain';
import type { DumpReader, Found } from './types';

export async function openPlain(found: Found, options: OpenOptions): Promise<DumpReader> {
  const { contents, data } = await readScript(found, options);
  return new PlainReader(found.source!, contents, data);
}

/** A script: everything was found when it was read. */
class PlainReader implements DumpReader {
  readonly contents: Contents;
  readonly unlocated = false;
  readonly #source: ByteSource;
  readonly #data: ReadonlyMap<number, ScriptData>;

  constructor(source: ByteSource, contents: Contents, data: ReadonlyMap<number, ScriptData>) {
    this.#source = source;
    this.contents = contents;
    this.#data = data;
  }

  async locate(): Promise<void> {}

  async data(entry: Entry, signal: AbortSignal | undefined): Promise<ByteSource> {
    const data = this.#data.get(entry.id);
    if (!data) throw noData(entryLabel(entry));
    const parts: ByteSource[] = [];
    for (const [i, range] of data.ranges.entries()) {
      const { from, to, mixed } = range;
      if (mixed) {
        parts.push(new OwnStatements(this.#source, range, data));
        continue;
      }
      // Of several COPY blocks only the last one's end line ends the rows.
      const inner = data.kind === 'copy' && i < data.ranges.length - 1;
      const end = inner ? to - (await this.#endLine(to, signal)) : to;
      parts.push(new SliceSource(this.#source, from, Math.max(0, end - from)));
    }
    return parts.length === 1 ? parts[0]! : new JoinedSource(parts);
  }

  written({ id }: Entry): ScriptData | undefined {
    return this.#data.get(id);
  }

  /** Bytes of the end line before a position: `\.` with its line end. */
  async #endLine(to: number, signal: AbortSignal | undefined): Promise<number> {
    const tail = await this.#source.read(Math.max(0, to - 4), 4, signal);
    return /\\\.\r?\n?$/.exec(tail.toString('latin1'))?.[0].length ?? 0;
  }

  async *largeObjects(): AsyncGenerator<LargeObject> {}

  // eslint-disable-next-line require-yield -- a script's large objects are statements
  async *largeObject(oid: number): AsyncGenerator<Buffer> {
    throw noLargeObject(oid);
  }
}
