import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { isCancelled } from '../../errors';
import { checkAborted } from '../abort';
import { compressions, type CompressionCodec } from '../compressions';
import { openReader } from '../io/open-reader';
import { BlobSink } from '../rows/blob-sink';
import { feed } from '../rows/feed';
import type { Sink } from '../rows/sink';
import { readToc, type Toc, type TocEntry } from '../toc/entries';
import { readHeader } from '../toc/header';
import type { Contents, Counted, CountOptions, ReadOptions } from '../types';
import { readHead, wrapperOf } from '../unwrap';
import { archiveContents } from './archive-contents';
import { BlobList, parseBlobList } from './blob-list';
import { tocName } from './directory-identity';
import { Tally } from './table-tally';

/** A data file as it lies in the folder. */
interface DataFile {
  path: string;
  bytes: number;
  codec: CompressionCodec;
}

type Files = Map<string, DataFile>;

export async function directoryContents(path: string, options: ReadOptions): Promise<Contents> {
  const { toc, files } = await openDirectory(path, options);
  for (const entry of toc.entries) if (entry.hasData) entry.bytes = await sizeOf(files, entry);
  return archiveContents(toc, 'directory', null);
}

async function openDirectory(path: string, options: ReadOptions): Promise<{ toc: Toc; files: Files }> {
  const names = await readdir(path);
  const tocPath = join(path, tocName(names) ?? 'toc.dat');
  const { reader } = await openReader(tocPath, wrapperOf(await readHead(tocPath, 16)));
  try {
    const toc = await readToc(reader, await readHeader(reader), options);
    return { toc, files: await dataFiles(path, names) };
  } finally {
    await reader.close();
  }
}

/** Files by their names without a compression's suffix: the table of contents names them so. */
async function dataFiles(folder: string, names: string[]): Promise<Files> {
  const files: Files = new Map();
  const suffixed = compressions.filter(({ suffix }) => suffix !== '');
  for (const name of names) {
    const codec = suffixed.find(({ suffix }) => name.endsWith(suffix)) ?? compressions[0]!;
    const bare = name.slice(0, name.length - codec.suffix.length);
    // The file without a suffix comes first where both are there.
    if (files.has(bare) && codec.suffix !== '') continue;
    const facts = await stat(join(folder, name)).catch(() => null);
    if (facts?.isFile()) files.set(bare, { path: join(folder, name), bytes: facts.size, codec });
  }
  return files;
}

async function sizeOf(files: Files, entry: TocEntry): Promise<number | null> {
  if (entry.kind !== 'BLOBS') return files.get(entry.fileName)?.bytes ?? null;
  const list = files.get(blobListName(entry, files));
  if (!list || list.bytes > 1024 * 1024) return null;
  const { objects } = parseBlobList((await readHead(list.path, list.bytes)).toString('latin1'));
  return objects.reduce((sum, { file }) => sum + (files.get(file)?.bytes ?? 0), 0);
}

/** Before 1.16 the name in the table of contents is unreliable: it is always `blobs.toc`. */
function blobListName({ fileName }: TocEntry, files: Files): string {
  return files.has(fileName) ? fileName : 'blobs.toc';
}

/** Decodes the file of every entry and every large object to its end. */
export async function countDirectory(path: string, { signal, onProgress }: CountOptions): Promise<Counted> {
  const { toc, files } = await openDirectory(path, { signal });
  const tally = new Tally(toc.entries);
  if (toc.fault) tally.add(toc.fault);
  const total = [...files.values()].reduce((sum, { bytes }) => sum + bytes, 0) || 1;
  let read = 0;
  const decode = async (file: DataFile, sink: Sink, entry: TocEntry, what = ''): Promise<boolean> => {
    const parts = (async function* () {
      for await (const part of createReadStream(file.path, { highWaterMark: 256 * 1024 })) {
        checkAborted(signal);
        yield part as Buffer;
        onProgress?.(Math.min(1, (read += (part as Buffer).length) / total));
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
    if (entry.kind === 'BLOBS') await countBlobs(entry, files, tally, decode);
    else {
      const file = files.get(entry.fileName);
      if (!file) {
        tally.fault(l10n.t('its file "{0}" is missing', entry.fileName), entry, null);
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
  entry: TocEntry,
  files: Files,
  tally: Tally,
  decode: (file: DataFile, sink: Sink, entry: TocEntry, what?: string) => Promise<boolean>,
): Promise<void> {
  const name = blobListName(entry, files);
  const file = files.get(name);
  if (!file) return tally.fault(l10n.t('its file "{0}" is missing', name), entry, null);
  const list = new BlobList();
  if (!(await decode(file, list, entry))) return;
  for (const fault of list.end()) tally.fault(fault, entry, null);
  for (const { oid, file: blob } of list.objects) {
    const found = files.get(blob);
    if (!found) {
      tally.fault(l10n.t('the file "{0}" of large object {1} is missing', blob, oid), entry, null);
      continue;
    }
    // An empty large object can be an empty file, where any other compressed file has a frame.
    if (
      found.bytes === 0 ||
      (await decode(found, new BlobSink(), entry, l10n.t('large object {0}', oid) + ': '))
    )
      tally.counted.largeObjects++;
  }
}
