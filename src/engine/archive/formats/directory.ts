import * as l10n from '@vscode/l10n';
import { isCancelled } from '../../errors';
import { checkAborted } from '../abort';
import { none } from '../compressions';
import { wholeOf } from '../io/source';
import { BlobSink } from '../rows/blob-sink';
import { feed } from '../rows/feed';
import type { Sink } from '../rows/sink';
import type { Toc } from '../toc/entries';
import type { Counted, CountOptions, Entry } from '../types';
import { blobFile, BlobList } from './blob-list';
import { missingObjects } from './large-objects';
import { MemberFiles, type DataFile } from './member-files';
import { blobListNames, readTocFile } from './member-reader';
import { Tally } from './table-tally';
import type { Found } from './types';

/** Decodes the file of every entry and every large object to its end. */
export async function countDirectory(found: Found, { signal, onProgress }: CountOptions): Promise<Counted> {
  const files = new MemberFiles(found);
  const toc = await readTocFile(files, found.limits, { signal });
  const tally = new Tally(toc, found.limits);
  const total = (await files.total({ signal })) || 1;
  let read = 0;
  const decode = async (file: DataFile, sink: Sink, entry: Entry, what = ''): Promise<boolean> => {
    const parts = (async function* () {
      for await (const part of wholeOf(await file.member.open(), signal)) {
        yield part;
        onProgress?.(Math.min(1, (read += part.length) / total));
      }
    })();
    const failure = await feed(parts, file.codec.fileDecoder(), sink).catch((error: unknown) => {
      if (isCancelled(error)) throw error;
      return error as Error;
    });
    if (failure) tally.fault(what + l10n.t('its file cannot be read: {0}', failure.message), entry, null);
    else return true;
    return false;
  };
  for (const { id } of toc.entries) {
    checkAborted(signal);
    const entry = tally.take(id);
    if (!entry) continue;
    if (entry.kind === 'BLOBS') await countBlobs(entry, toc, files, tally, decode, signal);
    else {
      const { fileName } = toc.places.get(id)!;
      const file = await files.find(fileName, { signal });
      if (!file) {
        tally.fault(l10n.t('its file "{0}" is missing', fileName), entry, null);
        continue;
      }
      const sink = tally.sinkFor(entry);
      if (await decode(file, sink, entry)) for (const fault of sink.end()) tally.fault(fault, entry, null);
      tally.rows(entry, sink.rows);
    }
  }
  return tally.counted;
}

async function countBlobs(
  entry: Entry,
  { entries, places }: Toc,
  files: MemberFiles,
  tally: Tally,
  decode: (file: DataFile, sink: Sink, entry: Entry, what?: string) => Promise<boolean>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const names = blobListNames(entry, places);
  let file: DataFile | null = null;
  for (const name of names) file ??= await files.find(name, { signal });
  if (!file) return tally.fault(l10n.t('its file "{0}" is missing', names[0]!), entry, null);
  const list = new BlobList(tally.memory);
  if (!(await decode(file, list, entry))) return;
  for (const fault of list.end()) tally.fault(fault, entry, null);
  for (const oid of missingObjects(entry, entries, list.oids))
    tally.fault(l10n.t('its list of large objects lacks {0}', oid), entry, null);
  for (const oid of list.oids) {
    const blob = blobFile(oid);
    const found = await files.find(blob, { signal });
    if (!found) {
      tally.fault(l10n.t('the file "{0}" of large object {1} is missing', blob, oid), entry, null);
      continue;
    }
    // An empty large object can be an empty file, where any other compressed file has a frame.
    const codec = found.member.size === 0 ? none : found.codec;
    const what = l10n.t('large object {0}', oid) + ': ';
    if (await decode({ ...found, codec }, new BlobSink(), entry, what)) tally.counted.largeObjects++;
  }
}
