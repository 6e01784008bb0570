import { checkAborted } from '../abort';
import { noData, noLargeObject } from '../errors';
import { BufferSource } from '../io/buffer-source';
import { DecodedSource } from '../io/decoded-source';
import { JoinedSource } from '../io/joined-source';
import { SliceSource } from '../io/slice-source';
import type { ByteSource } from '../io/source';
import type { SpoolBudget } from '../io/spool';
import { CopyDecoder } from '../rows/copy-decoder';
import type { ScriptData, ScriptRange } from '../sql/data-ranges';
import { OwnStatements } from '../sql/own-statements';
import type { ScriptObject } from '../sql/script-objects';
import { entryLabel } from '../toc/entries';
import { textCodec, wideLength } from '../text';
import type { Contents, CountOptions, Entry, LargeObject, OpenOptions, ReadOptions } from '../types';
import { LargeObjectFacts } from './large-objects';
import { readScript, type Script } from './plain';
import { scriptObjectContent } from './script-object-content';
import type { DumpReader, Found } from './types';

const END_LINE = Buffer.from('\\.\n');

export async function openPlain(found: Found, options: OpenOptions): Promise<DumpReader> {
  return new PlainReader(found, await readScript(found, options));
}

/** A script: everything was found when it was read. */
class PlainReader implements DumpReader {
  readonly contents: Contents;
  readonly unlocated = false;
  readonly #source: ByteSource;
  readonly #budget: SpoolBudget;
  readonly #data: ReadonlyMap<number, ScriptData>;
  readonly #largeObjects: readonly ScriptObject[];

  constructor({ source, budget }: Found, { contents, data, largeObjects }: Script) {
    this.#source = source!;
    this.#budget = budget;
    this.contents = contents;
    this.#data = data;
    this.#largeObjects = largeObjects;
  }

  async locate(): Promise<void> {}

  async data(entry: Entry, signal: AbortSignal | undefined): Promise<ByteSource> {
    const data = this.#data.get(entry.id);
    if (!data) throw noData(entryLabel(entry));
    const parts: ByteSource[] = [];
    for (const [i, range] of data.ranges.entries()) {
      const { from, to, mixed } = range;
      const last = i === data.ranges.length - 1;
      if (data.decoding) {
        const end = await this.#endLine(to, signal);
        parts.push(this.#decoded(range, to - end, data));
        if (last && end > 0) parts.push(new BufferSource(END_LINE));
        continue;
      }
      if (mixed) {
        parts.push(new OwnStatements(this.#source, range, data));
        continue;
      }
      // Of several COPY blocks only the last one's end line ends the rows.
      const inner = data.kind === 'copy' && !last;
      const end = inner ? to - (await this.#endLine(to, signal)) : to;
      parts.push(new SliceSource(this.#source, from, Math.max(0, end - from)));
    }
    return parts.length === 1 ? parts[0]! : new JoinedSource(parts);
  }

  written({ id }: Entry): ScriptData | undefined {
    return this.#data.get(id);
  }

  #decoded({ from, own: size }: ScriptRange, to: number, { decoding, encoding }: ScriptData): ByteSource {
    const length = wideLength(textCodec(encoding));
    const decoder = (): CopyDecoder => new CopyDecoder({ ...decoding!, length });
    return new DecodedSource(new SliceSource(this.#source, from, to - from), { decoder, size }, this.#budget);
  }

  /** Bytes of the end line before a position: `\.` with its line end. */
  async #endLine(to: number, signal: AbortSignal | undefined): Promise<number> {
    const tail = await this.#source.read(Math.max(0, to - 4), 4, signal);
    return /\\\.\r?\n?$/.exec(tail.toString('latin1'))?.[0].length ?? 0;
  }

  async *largeObjects({ signal }: CountOptions): AsyncGenerator<LargeObject> {
    const { entries } = this.contents;
    const facts = new LargeObjectFacts(entries);
    const groups = entries.filter(({ kind }) => kind === 'BLOBS').map(({ name }) => name);
    for (const { oid, bytes } of this.#largeObjects) {
      checkAborted(signal);
      yield { oid, bytes, ...facts.of(oid, groups.find((name) => isIn(oid, name)) ?? '') };
    }
  }

  async *largeObject(oid: number, options: ReadOptions): AsyncGenerator<Buffer> {
    const object = this.#largeObjects.find((found) => found.oid === oid);
    if (!object) throw noLargeObject(oid);
    yield* scriptObjectContent(this.#source, object.at, options);
  }
}

/** Whether an object lies in a group named `16001` or `16001..16040`. */
function isIn(oid: number, group: string): boolean {
  const [first, last = first] = group.split('..').map(Number);
  return oid >= first! && oid <= last!;
}
