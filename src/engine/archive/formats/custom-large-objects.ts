import { ChunkSource } from '../io/chunk-source';
import type { ByteSource } from '../io/source';
import { SourceReader } from '../io/source-reader';
import type { Block } from './block-search';
import { hopList, readOid } from './custom-blocks';

/** A large object in a block. */
export interface PlacedObject {
  oid: number;
  /** Byte of its chunk list. */
  at: number;
  /** Bytes of its content as stored. */
  stored: number;
}

/** More objects of one block are not remembered: those behind are hopped to again. */
const MOST_PLACES = 200_000;

/** Finds the large objects of a block, hopping from one to the next. */
export class ObjectWalk {
  readonly #source: ByteSource;
  readonly #intSize: number;
  readonly #places = new Map<number, number>();
  #next: number;
  #complete = false;

  constructor(source: ByteSource, intSize: number, block: Block) {
    this.#source = source;
    this.#intSize = intSize;
    this.#next = block.body;
  }

  /** Every object from a byte (that of an OID) on. */
  async *objects(from: number, signal: AbortSignal | undefined): AsyncGenerator<PlacedObject> {
    const reader = new SourceReader(this.#source, { from, signal });
    try {
      for (let oid = await readOid(reader, this.#intSize); oid !== null;) {
        const at = reader.offset;
        if (this.#places.size < MOST_PLACES) this.#places.set(oid, at);
        const stored = await hopList(reader, this.#intSize, signal);
        if (reader.offset > this.#next && this.#places.size < MOST_PLACES) this.#next = reader.offset;
        yield { oid, at, stored };
        oid = await readOid(reader, this.#intSize);
      }
      this.#complete = true;
    } finally {
      await reader.close();
    }
  }

  /** Content of one object as stored; null when the block has none of that OID. */
  async find(oid: number, signal: AbortSignal | undefined): Promise<ByteSource | null> {
    let at = this.#places.get(oid);
    if (at === undefined && !(this.#complete && this.#places.size < MOST_PLACES))
      for await (const object of this.objects(this.#next, signal))
        if (object.oid === oid) {
          at = object.at;
          break;
        }
    return at === undefined ? null : new ChunkSource(this.#source, this.#intSize, at, null);
  }
}
