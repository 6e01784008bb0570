import type { Transform } from 'node:stream';
import * as l10n from '@vscode/l10n';
import { compressions, type CompressionCodec } from '../compressions';
import { DamageError, noLargeObject } from '../errors';
import { BufferSource } from '../io/buffer-source';
import { ChunkSource } from '../io/chunk-source';
import { DecodedSource } from '../io/decoded-source';
import { wholeOf, type ByteSource } from '../io/source';
import { SourceReader } from '../io/source-reader';
import type { SpoolBudget } from '../io/spool';
import { LARGE_OBJECTS, TABLE_DATA } from '../toc/block-head';
import { entryLabel, readToc, type Toc } from '../toc/entries';
import { readHeader } from '../toc/header';
import type { Contents, CountOptions, Entry, LargeObject, OpenOptions, ReadOptions } from '../types';
import { archiveContents, tocOptions } from './archive-contents';
import { recallPositions, rememberPositions, type BlockPositions } from './block-positions';
import type { Block } from './block-search';
import { blockAt, BlockWalk, missingBlock } from './custom-blocks';
import { ObjectWalk } from './custom-large-objects';
import { LargeObjectFacts } from './large-objects';
import type { DumpReader, Found } from './types';

/** Bytes of a chunk list that are decoded in one turn. */
const SMALL = 16 * 1024;

export async function openCustom(found: Found, options: OpenOptions): Promise<DumpReader> {
  const source = found.source!;
  const reader = new SourceReader(source, { signal: options.signal });
  try {
    const toc = await readToc(reader, await readHeader(reader), tocOptions(found.limits, options));
    measureBlocks(toc, reader);
    const custom = new CustomReader(found, source, toc, reader.offset);
    if (custom.unlocated) await custom.recall();
    return custom;
  } finally {
    await reader.close();
  }
}

/** Sizes of the blocks from one position to the next; only where pg_dump recorded the positions. */
function measureBlocks(toc: Toc, { size, offset }: SourceReader): void {
  const placed: { entry: Entry; position: number }[] = [];
  for (const entry of toc.entries) {
    const position = toc.places.get(entry.id)?.position ?? null;
    if (position !== null) placed.push({ entry, position });
  }
  placed.sort((a, b) => a.position - b.position);
  for (const [i, { entry, position }] of placed.entries()) {
    const end = placed[i + 1]?.position ?? size;
    if (position < offset || (size !== null && position >= size)) {
      const what = l10n.t('its data lies outside the file, which is cut short');
      toc.faults.push({ what, entry: entryLabel(entry), offset: position });
    } else if (end !== null) entry.bytes = end - position;
  }
}

/** A custom archive: its blocks by their recorded positions, or found by hopping. */
class CustomReader implements DumpReader {
  readonly contents: Contents;
  readonly #found: Found;
  readonly #source: ByteSource;
  readonly #budget: SpoolBudget;
  readonly #toc: Toc;
  readonly #codec: CompressionCodec;
  /** Those with data. */
  readonly #byId: Map<number, Entry>;
  readonly #walk: BlockWalk;
  readonly #objects = new Map<number, ObjectWalk>();
  #facts: LargeObjectFacts | undefined;
  #located = false;
  /** The byte behind the table of contents. */
  readonly #start: number;
  /** Blocks that are remembered for the next time. */
  #remembered = 0;

  constructor(found: Found, source: ByteSource, toc: Toc, start: number) {
    this.#found = found;
    this.#source = source;
    this.#budget = found.budget;
    this.#toc = toc;
    this.#start = start;
    this.contents = archiveContents(toc, 'custom', found.identity.wrapper);
    this.#codec = compressions.find(({ name }) => name === toc.header.compression)!;
    this.#byId = new Map(toc.entries.filter(({ hasData }) => hasData).map((entry) => [entry.id, entry]));
    this.#walk = new BlockWalk(source, toc, start);
  }

  get unlocated(): boolean {
    return !this.#located && [...this.#toc.places.values()].some(({ position }) => position === null);
  }

  async locate(options: CountOptions): Promise<void> {
    if (!this.unlocated) return;
    await this.#walk.walk(null, options);
    const { failure } = this.#walk;
    this.#measure();
    if (failure) this.#fault(failure.fault.what, null, failure.fault.offset);
    this.#located = true;
    await this.#remember();
  }

  /** Takes over what was found when the file was open before. */
  async recall(): Promise<void> {
    const positions = await recallPositions(this.#found, this.#toc, this.#start);
    if (!positions || !(await this.#fits(positions))) return;
    this.#walk.restore(positions);
    this.#remembered = positions.blocks.length;
    this.#located = positions.complete;
    if (this.#located) this.#measure();
  }

  /** Whether the first and the last block are there; the others are looked at when they are read. */
  async #fits({ blocks }: BlockPositions): Promise<boolean> {
    if (!this.#source.seekable) return true;
    for (const [id, at] of [blocks.at(0), blocks.at(-1)].filter((block) => block !== undefined))
      if (!(await blockAt(this.#source, this.#toc.header.intSize, at, id, undefined))) return false;
    return true;
  }

  async close(): Promise<void> {
    if (this.unlocated) await this.#remember();
  }

  async #remember(): Promise<void> {
    const { positions } = this.#walk;
    if (!positions || positions.blocks.length <= this.#remembered) return;
    this.#remembered = positions.blocks.length;
    await rememberPositions(this.#found, this.#toc, this.#start, positions);
  }

  /** Sizes of the blocks that were met. */
  #measure(): void {
    for (const entry of this.#byId.values()) {
      const block = this.#walk.blocks.get(entry.id);
      if (block?.end) entry.bytes = block.end - block.at;
    }
  }

  /** What was known from another time is wrong. */
  #unlocate(): void {
    this.#located = false;
    this.#remembered = 0;
    for (const [id, { position }] of this.#toc.places)
      if (position === null) this.#byId.get(id)!.bytes = null;
  }

  async data(entry: Entry, signal: AbortSignal | undefined): Promise<ByteSource> {
    const block = await this.#block(entry, TABLE_DATA, signal);
    const list = new ChunkSource(
      this.#source,
      this.#toc.header.intSize,
      block.body,
      this.#stored(entry, block),
    );
    return (await this.#atOnce(list, signal)) ?? this.#decoded(list);
  }

  /** A small table's data in memory: making a decoder takes longer than decoding. Null when it is large, or damaged. */
  async #atOnce(list: ChunkSource, signal: AbortSignal | undefined): Promise<ByteSource | null> {
    const { blockAtOnce } = this.#codec;
    if (!blockAtOnce || list.stored === null || list.stored > SMALL) return null;
    try {
      const whole = blockAtOnce(await list.read(0, SMALL, signal));
      return whole && new BufferSource(whole);
    } catch (error) {
      if (error instanceof DamageError) return null;
      throw error;
    }
  }

  async *orphans(options: CountOptions): AsyncGenerator<{ id: number; data: ByteSource }> {
    await this.#walk.walk(null, options);
    for (const { id, type, body } of this.#walk.blocks.values())
      if (type === TABLE_DATA && !this.#byId.has(id))
        yield {
          id,
          data: this.#decoded(new ChunkSource(this.#source, this.#toc.header.intSize, body, null)),
        };
  }

  async *largeObjects({ signal }: CountOptions): AsyncGenerator<LargeObject> {
    this.#facts ??= new LargeObjectFacts(this.contents.entries);
    const sized = this.#codec.name === 'none';
    let failure: DamageError | null = null;
    // Damage of one group costs that one.
    for (const entry of this.#groups())
      try {
        const { body } = await this.#block(entry, LARGE_OBJECTS, signal);
        for await (const { oid, stored } of (await this.#objectWalk(entry, signal)).objects(body, signal))
          yield { oid, bytes: sized ? stored : null, ...this.#facts.of(oid, entry.name) };
      } catch (error) {
        if (!(error instanceof DamageError)) throw error;
        failure ??= error;
      }
    if (failure) throw failure as DamageError;
  }

  async *largeObject(oid: number, { signal }: ReadOptions): AsyncGenerator<Buffer> {
    let failure: DamageError | null = null;
    for (const entry of this.#groups()) {
      let found: ByteSource | null = null;
      try {
        found = await (await this.#objectWalk(entry, signal)).find(oid, signal);
      } catch (error) {
        if (!(error instanceof DamageError)) throw error;
        failure ??= error;
      }
      if (found) return yield* wholeOf(this.#decoded(found), signal);
    }
    throw (failure as DamageError | null) ?? noLargeObject(oid);
  }

  #groups(): Entry[] {
    return this.#toc.entries.filter(({ kind, hasData }) => kind === 'BLOBS' && hasData);
  }

  async #objectWalk(entry: Entry, signal: AbortSignal | undefined): Promise<ObjectWalk> {
    const known = this.#objects.get(entry.id);
    if (known) return known;
    const block = await this.#block(entry, LARGE_OBJECTS, signal);
    const walk = new ObjectWalk(this.#source, this.#toc.header.intSize, block);
    this.#objects.set(entry.id, walk);
    return walk;
  }

  /** Where an entry's data is: as recorded when that is true, else by hopping. */
  async #block({ id }: Entry, type: number, signal: AbortSignal | undefined): Promise<Block> {
    const entry = this.#byId.get(id)!;
    const { position } = this.#toc.places.get(id)!;
    const { intSize } = this.#toc.header;
    let block: Block | null = await this.#walk.known(id, signal);
    if (this.#located && !this.#walk.complete) this.#unlocate();
    if (!block && position !== null) {
      block = await blockAt(this.#source, intSize, position, id, signal);
      if (!block) {
        block = await this.#walk.find(id, { signal });
        const what = l10n.t('its data is not where the table of contents says');
        this.#fault(what, entryLabel(entry), position);
      }
    }
    block ??= await this.#walk.find(id, { signal });
    if (block?.type !== type) throw missingBlock(entryLabel(entry));
    return block;
  }

  #fault(what: string, entry: string | null, offset: number | null): void {
    const { faults } = this.contents;
    if (!faults.some((fault) => fault.what === what && fault.entry === entry))
      faults.push({ what, entry, offset });
  }

  #stored({ bytes }: Entry, { at, body }: Block): number | null {
    return bytes === null ? null : Math.max(0, bytes - (body - at));
  }

  #decoded(list: ByteSource): ByteSource {
    if (!this.#codec.magic) return list;
    const decoder = (): Transform => this.#codec.blockDecoder()!;
    return new DecodedSource(list, { decoder, resume: this.#codec.resume }, this.#budget);
  }
}
