import * as l10n from '@vscode/l10n';
import { checkAborted } from '../abort';
import { damage, DamageError } from '../errors';
import type { ByteReader } from '../io/byte-reader';
import { progressOf } from '../io/progress';
import type { ByteSource } from '../io/source';
import { SourceReader } from '../io/source-reader';
import { LARGE_OBJECTS, TABLE_DATA } from '../toc/block-head';
import { ChunkList, readInt } from '../toc/blocks';
import type { Toc } from '../toc/entries';
import type { CountOptions } from '../types';
import type { BlockPositions } from './block-positions';
import { BlockSearch, type Block } from './block-search';

/** A block that was met on a walk. */
export interface MetBlock extends Block {
  /** The byte behind it; null when nobody hopped over it yet. */
  end: number | null;
}

/** Hopped over in one go, so that cancelling is noticed in between. */
const HOP = 64 * 1024 * 1024;

/** The head of the block the reader stands before; null where no block begins. */
export async function readBlockHead(reader: ByteReader, intSize: number): Promise<Block | null> {
  if (!(await reader.fill(1))) return null;
  const at = reader.offset;
  const type = reader.byte();
  if (type !== TABLE_DATA && type !== LARGE_OBJECTS) return null;
  const id = await readInt(reader, intSize, l10n.t('the head of a data block'));
  return { type, id, at, body: reader.offset };
}

/** OIDs above 2³¹ are written as if they were negative; null behind the last large object of a block. */
export async function readOid(reader: ByteReader, intSize: number): Promise<number | null> {
  const oid = await readInt(reader, intSize, l10n.t('the head of a large object'));
  return oid === 0 ? null : oid < 0 ? oid + 2 ** 32 : oid;
}

/** Hops over a chunk list; returns how many bytes it holds. */
export async function hopList(
  reader: ByteReader,
  intSize: number,
  signal: AbortSignal | undefined,
  onHop?: () => void,
): Promise<number> {
  const list = new ChunkList(reader, intSize);
  let size = 0;
  while (!list.ended) {
    checkAborted(signal);
    size += await list.skip(HOP);
    onHop?.();
  }
  return size;
}

/** Where the blocks of a custom archive lie, found by hopping from one to the next, as far as somebody asks. */
export class BlockWalk {
  /** First block of each entry, by its id. */
  readonly blocks = new Map<number, MetBlock>();
  readonly #source: ByteSource;
  readonly #intSize: number;
  readonly #toc: Toc;
  readonly #start: number;
  #search: BlockSearch;
  /** Blocks known from another time, that nobody looked at yet. */
  readonly #recalled = new Set<number>();
  /** The block whose head was met, when nobody hopped over it yet; the next byte is then that of its body. */
  #standing: MetBlock | null = null;
  #next: number;
  #complete = false;
  #failure: DamageError | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  /** `start`: the byte behind the table of contents. */
  constructor(source: ByteSource, toc: Toc, start: number) {
    this.#source = source;
    this.#intSize = toc.header.intSize;
    this.#toc = toc;
    this.#start = start;
    this.#search = new BlockSearch(toc);
    this.#next = start;
  }

  /** What is found and whole so far; null when it is damaged, or holds data of unknown entries. */
  get positions(): BlockPositions | null {
    if (this.#failure) return null;
    const ids = new Set(this.#toc.entries.map(({ id }) => id));
    const blocks: BlockPositions['blocks'] = [];
    for (const { id, at, end } of this.blocks.values()) {
      if (!ids.has(id)) return null;
      if (end !== null) blocks.push([id, at, end]);
    }
    return { blocks, complete: this.#complete };
  }

  /** Takes over what was found at another time; before anything else. */
  restore({ blocks, complete }: BlockPositions): void {
    const groups = new Set(this.#toc.entries.flatMap(({ id, kind }) => (kind === 'BLOBS' ? [id] : [])));
    for (const [id, at, end] of blocks) {
      const type = groups.has(id) ? LARGE_OBJECTS : TABLE_DATA;
      this.blocks.set(id, { type, id, at, body: at + 2 + this.#intSize, end });
      this.#recalled.add(id);
      this.#search.pass(id);
      this.#next = end;
    }
    this.#complete = complete;
  }

  /** A block that was met already, without walking. What is known from another time is looked at. */
  async known(id: number, signal: AbortSignal | undefined): Promise<MetBlock | null> {
    const block = this.blocks.get(id);
    if (!block || !this.#recalled.has(id)) return block ?? null;
    const there = await blockAt(this.#source, this.#intSize, block.at, id, signal);
    if (there?.type === block.type) {
      this.#recalled.delete(id);
      return block;
    }
    const turn = this.#turn.then(() => this.#forget(block));
    this.#turn = turn;
    await turn;
    return null;
  }

  /** Begins anew, unless somebody else did since. */
  #forget({ id }: MetBlock): void {
    if (!this.#recalled.has(id)) return;
    this.blocks.clear();
    this.#recalled.clear();
    this.#search = new BlockSearch(this.#toc);
    this.#standing = null;
    this.#next = this.#start;
    this.#complete = false;
  }

  /** The end of the last block, or a place that is no block, was met. */
  get complete(): boolean {
    return this.#complete;
  }

  /** The first place where the structure of the data is broken; null when it is not. */
  get failure(): DamageError | null {
    return this.#failure;
  }

  /** The block of an entry; null when the file has none. Throws the damage that keeps it from being found. */
  async find(id: number, options: CountOptions = {}): Promise<MetBlock | null> {
    await this.walk(id, options);
    const block = this.blocks.get(id);
    if (!block && this.#failure) throw this.#failure;
    return block ?? null;
  }

  /** Walks on, until the block of an entry is met or, without one, to the end. One walk after the other. */
  async walk(id: number | null, options: CountOptions): Promise<void> {
    const turn = this.#turn.then(() => this.#walk(id, options));
    this.#turn = turn.catch(() => {});
    await turn;
  }

  async #walk(id: number | null, { signal, onProgress }: CountOptions): Promise<void> {
    if (this.#complete || (id !== null && this.blocks.has(id))) return;
    let reader = new SourceReader(this.#source, { from: this.#next, signal });
    const progress = (): void => progressOf(this.#source, reader, onProgress)();
    try {
      for (;;) {
        checkAborted(signal);
        const at = this.#standing?.at ?? reader.offset;
        try {
          const block = this.#standing ?? (await this.#stand(reader));
          if (!block) break;
          if (block.id === id) return;
          await this.#hop(reader, block, signal, progress);
          block.end = reader.offset;
          this.#next = reader.offset;
        } catch (error) {
          if (!(error instanceof DamageError)) throw error;
          this.#failure ??= error;
          const next = await this.#search.find(this.#source, at, reader.offset, signal);
          await reader.close();
          if (!next) break;
          reader = next;
          this.#next = reader.offset;
        }
        this.#standing = null;
      }
    } finally {
      await reader.close();
    }
    this.#complete = true;
  }

  async #stand(reader: ByteReader): Promise<MetBlock | null> {
    const block = await this.#search.next(reader);
    if (!block) return null;
    this.#standing = { ...block, end: null };
    this.#next = block.body;
    this.blocks.set(block.id, this.#standing);
    return this.#standing;
  }

  async #hop(
    reader: ByteReader,
    { type }: Block,
    signal: AbortSignal | undefined,
    progress: () => void,
  ): Promise<void> {
    if (type === TABLE_DATA) return void (await hopList(reader, this.#intSize, signal, progress));
    while ((await readOid(reader, this.#intSize)) !== null)
      await hopList(reader, this.#intSize, signal, progress);
  }
}

/** Whether the block of an entry begins at a recorded position. */
export async function blockAt(
  source: ByteSource,
  intSize: number,
  position: number,
  id: number,
  signal: AbortSignal | undefined,
): Promise<Block | null> {
  const reader = new SourceReader(source, { from: position, signal, window: 64 });
  try {
    const block = await readBlockHead(reader, intSize);
    return block?.id === id ? block : null;
  } catch (error) {
    if (error instanceof DamageError) return null;
    throw error;
  } finally {
    await reader.close();
  }
}

export function missingBlock(entry: string): DamageError {
  return damage(l10n.t('its data is missing'), null, entry);
}
