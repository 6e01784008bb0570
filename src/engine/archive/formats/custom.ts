import * as l10n from '@vscode/l10n';
import { checkAborted } from '../abort';
import { compressions, type CompressionCodec } from '../compressions';
import { DamageError } from '../errors';
import type { ByteReader } from '../io/byte-reader';
import { SourceReader } from '../io/source-reader';
import { progressOf } from '../io/progress';
import { BlobSink } from '../rows/blob-sink';
import { feed } from '../rows/feed';
import type { Sink } from '../rows/sink';
import { chunks, readInt } from '../toc/blocks';
import { readToc, type Toc, type TocEntry } from '../toc/entries';
import { readHeader } from '../toc/header';
import type { Counted, CountOptions } from '../types';
import { LARGE_OBJECTS, readOid, TABLE_DATA } from './custom-blocks';
import { Tally } from './table-tally';
import type { Found } from './types';

/**
 * Decodes every block from the table of contents to the end of the file, in their order there: that needs no
 * recorded positions. Damage inside a block costs that block; damage of the block structure ends the walk.
 */
export async function countCustom({ source }: Found, { signal, onProgress }: CountOptions): Promise<Counted> {
  const reader = new SourceReader(source!, { signal });
  try {
    const toc = await readToc(reader, await readHeader(reader), { signal });
    const tally = new Tally(toc.entries);
    if (toc.fault) tally.add(toc.fault);
    else await walk(reader, toc, tally, signal, progressOf(source!, reader, onProgress));
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
    const oid = await readOid(reader, intSize);
    if (oid === null) return;
    await decodeList(block, new BlobSink(), l10n.t('large object {0}', oid));
    tally.counted.largeObjects++;
  }
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
