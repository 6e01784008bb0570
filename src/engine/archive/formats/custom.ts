import { stat } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { checkAborted } from '../abort';
import { compressions, type CompressionCodec } from '../compressions';
import { DamageError } from '../errors';
import type { ByteReader } from '../io/byte-reader';
import { openReader } from '../io/open-reader';
import { BlobSink } from '../rows/blob-sink';
import { feed } from '../rows/feed';
import type { Sink } from '../rows/sink';
import { chunks, readInt } from '../toc/blocks';
import { readToc, type Toc, type TocEntry } from '../toc/entries';
import { readHeader } from '../toc/header';
import type { Contents, Counted, CountOptions, ReadOptions, WrapperName } from '../types';
import { archiveContents } from './archive-contents';
import { Tally } from './table-tally';

const TABLE_DATA = 1;
const LARGE_OBJECTS = 3;

export async function customContents(
  path: string,
  wrapper: WrapperName | null,
  { signal }: ReadOptions,
): Promise<Contents> {
  const { reader } = await openReader(path, wrapper);
  try {
    const toc = await readToc(reader, await readHeader(reader), { signal });
    if (!toc.fault) measureBlocks(toc, reader);
    return archiveContents(toc, 'custom', wrapper);
  } finally {
    await reader.close();
  }
}

/** Sizes of the blocks from one position to the next; only where pg_dump recorded the positions. */
function measureBlocks(toc: Toc, reader: ByteReader): void {
  const { size } = reader;
  const placed = toc.entries.filter(({ hasData, position }) => hasData && position !== null);
  placed.sort((a, b) => a.position! - b.position!);
  for (const [i, entry] of placed.entries()) {
    const end = placed[i + 1]?.position ?? size;
    if (entry.position! < reader.offset || (size !== null && entry.position! >= size)) {
      const what = l10n.t('its data lies outside the file, which is cut short');
      toc.fault ??= {
        what,
        entry: `${entry.kind} ${entry.schema ?? '-'} ${entry.name}`,
        offset: entry.position,
      };
    } else if (end !== null) entry.bytes = end - entry.position!;
  }
}

/**
 * Decodes every block from the table of contents to the end of the file, in their order there: that needs no
 * recorded positions. Damage inside a block costs that block; damage of the block structure ends the walk.
 */
export async function countCustom(
  path: string,
  wrapper: WrapperName | null,
  { signal, onProgress }: CountOptions,
): Promise<Counted> {
  const { size } = await stat(path);
  const { reader, bytesRead } = await openReader(path, wrapper);
  try {
    const toc = await readToc(reader, await readHeader(reader), { signal });
    const tally = new Tally(toc.entries);
    if (toc.fault) tally.add(toc.fault);
    else await walk(reader, toc, tally, signal, () => onProgress?.(Math.min(1, bytesRead() / (size || 1))));
    for (const entry of tally.missing()) tally.fault(l10n.t('its data is missing'), entry, null);
    return tally.counted;
  } finally {
    await reader.close();
  }
}

async function walk(
  reader: ByteReader,
  toc: Toc,
  tally: Tally,
  signal: AbortSignal | undefined,
  progress: () => void,
): Promise<void> {
  const { intSize, compression } = toc.header;
  const codec = compressions.find(({ name }) => name === compression)!;
  let entry: TocEntry | null = null;
  try {
    while (await reader.fill(1)) {
      entry = null;
      const at = reader.offset;
      const type = reader.byte();
      // Behind the last block pg_dump 16 and later leave a second table of contents when they write to a
      // redirected output; it begins with a zero byte.
      if (type === 0 && tally.missing().length === 0) return;
      if (type !== TABLE_DATA && type !== LARGE_OBJECTS)
        return tally.fault(
          l10n.t('here should be the data of the next table, but is something else'),
          null,
          at,
        );
      const id = await readInt(reader, intSize, l10n.t('the head of a data block'));
      entry = tally.take(id) ?? null;
      if (!entry) return tally.fault(l10n.t('here is the data of an unknown entry, {0}', id), null, at);
      if (entry.position !== null && entry.position !== at)
        tally.fault(l10n.t('its data is not where the table of contents says'), entry, at);
      const block: Block = { reader, intSize, codec, entry, at, tally, signal, progress };
      if (type === TABLE_DATA) await tableBlock(block);
      else await largeObjectBlock(block);
    }
  } catch (error) {
    if (!(error instanceof DamageError)) throw error;
    tally.fault(error.fault.what, entry, error.fault.offset);
  }
}

interface Block {
  reader: ByteReader;
  intSize: number;
  codec: CompressionCodec;
  entry: TocEntry;
  /** Where the block begins. */
  at: number;
  tally: Tally;
  signal: AbortSignal | undefined;
  progress: () => void;
}

async function tableBlock(block: Block): Promise<void> {
  const { tally, entry } = block;
  const sink = tally.sinkFor(entry);
  try {
    await decodeList(block, sink);
  } finally {
    tally.rows(entry, sink.rows);
  }
}

async function largeObjectBlock(block: Block): Promise<void> {
  const { reader, intSize, tally } = block;
  for (;;) {
    const object = await readInt(reader, intSize, l10n.t('the head of a large object'));
    if (object === 0) return;
    await decodeList(block, new BlobSink(), l10n.t('large object {0}', oid(object)));
    tally.counted.largeObjects++;
  }
}

/** Large OIDs are written as if they were negative. */
function oid(value: number): number {
  return value < 0 ? value + 2 ** 32 : value;
}

async function decodeList(block: Block, sink: Sink, what?: string): Promise<void> {
  const { reader, intSize, codec, entry, at, tally } = block;
  const failure = await feed(watched(chunks(reader, intSize), block), codec.blockDecoder(), sink);
  const prefix = what ? `${what}: ` : '';
  if (failure)
    tally.fault(prefix + l10n.t('its data cannot be decompressed: {0}', failure.message), entry, at);
  else for (const fault of sink.end()) tally.fault(prefix + fault, entry, at);
}

async function* watched(parts: AsyncIterable<Buffer>, { signal, progress }: Block): AsyncGenerator<Buffer> {
  for await (const part of parts) {
    checkAborted(signal);
    yield part;
    progress();
  }
}
