import * as l10n from '@vscode/l10n';
import { checkAborted } from '../abort';
import { compressions, type CompressionCodec } from '../compressions';
import { DamageError } from '../errors';
import type { ByteReader } from '../io/byte-reader';
import type { ByteSource } from '../io/source';
import { SourceReader } from '../io/source-reader';
import { progressOf } from '../io/progress';
import { openForward } from '../io/window-reader';
import { BlobSink } from '../rows/blob-sink';
import { feedChunks } from '../rows/feed';
import type { Sink } from '../rows/sink';
import { TABLE_DATA } from '../toc/block-head';
import { ChunkList } from '../toc/blocks';
import { entryLabel, readToc, type Toc } from '../toc/entries';
import { readHeader } from '../toc/header';
import type { Counted, CountOptions, Entry, Fault, ReadOptions } from '../types';
import { tocOptions } from './archive-contents';
import { BlockSearch, type Block } from './block-search';
import { readOid } from './custom-blocks';
import { Tally } from './table-tally';
import type { Found } from './types';

/**
 * Decodes every block from the table of contents to the end of the file, in their order there: that needs no
 * recorded positions. Damage costs the block it hits.
 */
export async function countCustom(found: Found, { signal, onProgress }: CountOptions): Promise<Counted> {
  const { source } = found;
  const reader = new SourceReader(source!, { signal });
  try {
    const toc = await readToc(reader, await readHeader(reader), tocOptions(found.limits, { signal }));
    const tally = new Tally(toc, found.limits);
    const { intSize, compression } = toc.header;
    const codec = compressions.find(({ name }) => name === compression)!;
    const onBlock = async (block: Block, from: ByteReader): Promise<void> => {
      const entry = tally.take(block.id) ?? null;
      const progress = progressOf(source!, from, onProgress);
      const recorded = toc.places.get(block.id)?.position ?? null;
      await countBlock({ ...block, reader: from, intSize, codec, entry, recorded, tally, signal, progress });
    };
    const data = source!.seekable ? openForward(source!, { from: reader.offset, signal }) : reader;
    try {
      await walkBlocks(source!, data, toc, { onBlock, onFault: (fault) => tally.add(fault), signal });
    } finally {
      await data.close();
    }
    for (const entry of tally.missing()) tally.fault(l10n.t('its data is missing'), entry, null);
    return tally.counted;
  } finally {
    await reader.close();
  }
}

export interface BlockVisitor extends ReadOptions {
  /** Reads a block's data; throws `DamageError` where its structure ends. */
  onBlock: (block: Block, reader: ByteReader) => Promise<void>;
  onFault: (fault: Fault) => void;
}

/** Visits every block in the order of the file; `reader` stands behind the table of contents. */
export async function walkBlocks(
  source: ByteSource,
  first: ByteReader,
  toc: Toc,
  { onBlock, onFault, signal }: BlockVisitor,
): Promise<void> {
  const search = new BlockSearch(toc);
  let byId: Map<number, Entry> | undefined;
  let reader = first;
  try {
    for (;;) {
      checkAborted(signal);
      const at = reader.offset;
      let block: Block | null = null;
      try {
        block = await search.next(reader);
        if (!block) return;
        await onBlock(block, reader);
      } catch (error) {
        if (!(error instanceof DamageError)) throw error;
        byId ??= new Map(toc.entries.map((known) => [known.id, known]));
        const entry = block && byId.get(block.id);
        onFault({ ...error.fault, entry: entry ? entryLabel(entry) : null });
        const next = await search.find(source, at, reader.offset, signal);
        if (reader !== first) await reader.close();
        if (!next) return;
        reader = next;
      }
    }
  } finally {
    if (reader !== first) await reader.close();
  }
}

interface Context extends Block {
  reader: ByteReader;
  intSize: number;
  codec: CompressionCodec;
  /** Null for data the table of contents tells nothing of (any more). */
  entry: Entry | null;
  /** Where the table of contents says it is; null when it does not. */
  recorded: number | null;
  tally: Tally;
  signal: AbortSignal | undefined;
  progress: () => void;
}

async function countBlock(block: Context): Promise<void> {
  const { entry, recorded, tally, id, at } = block;
  if (!entry) tally.fault(l10n.t('here is the data of an unknown entry, {0}', id), null, at);
  else if (recorded !== null && recorded !== at)
    tally.fault(l10n.t('its data is not where the table of contents says'), entry, at);
  if (block.type === TABLE_DATA) await tableBlock(block);
  else await largeObjectBlock(block);
}

async function tableBlock(block: Context): Promise<void> {
  const { tally, entry } = block;
  if (!entry) return await decodeList(block, new BlobSink());
  const sink = tally.sinkFor(entry);
  try {
    await decodeList(block, sink);
  } finally {
    tally.rows(entry, sink.rows);
  }
}

async function largeObjectBlock(block: Context): Promise<void> {
  const { reader, intSize, tally } = block;
  for (;;) {
    const oid = await readOid(reader, intSize);
    if (oid === null) return;
    await decodeList(block, new BlobSink(), l10n.t('large object {0}', oid));
    tally.counted.largeObjects++;
  }
}

async function decodeList(block: Context, sink: Sink, what?: string): Promise<void> {
  const { reader, intSize, codec, entry, at, tally, signal, progress } = block;
  const list = new ChunkList(reader, intSize);
  const failure = await feedChunks(list, codec, sink, () => {
    checkAborted(signal);
    progress();
  });
  const prefix = what ? `${what}: ` : '';
  if (failure)
    tally.fault(prefix + l10n.t('its data cannot be decompressed: {0}', failure.message), entry, at);
  else for (const fault of sink.end()) tally.fault(prefix + fault, entry, at);
}
