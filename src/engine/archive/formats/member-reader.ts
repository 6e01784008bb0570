import * as l10n from '@vscode/l10n';
import { damage, DamageError, noLargeObject } from '../errors';
import { wholeOf, type ByteSource } from '../io/source';
import { SourceReader } from '../io/source-reader';
import { entryLabel, readToc, type Toc } from '../toc/entries';
import { readHeader } from '../toc/header';
import type {
  Contents,
  CountOptions,
  DumpFormat,
  Entry,
  LargeObject,
  Limits,
  OpenOptions,
  ReadOptions,
  WrapperName,
} from '../types';
import { archiveContents, tocOptions } from './archive-contents';
import { blobFile, parseBlobList } from './blob-list';
import { LargeObjectFacts } from './large-objects';
import { decodedSize, type MemberFiles } from './member-files';
import type { DumpReader } from './types';

interface MemberDump {
  files: MemberFiles;
  format: DumpFormat;
  wrapper: WrapperName | null;
  /** Sizes of the members are known without decoding what lies before them. */
  listable: boolean;
  limits: Limits;
}

/** Reads the table of contents from its file. */
export async function readTocFile(files: MemberFiles, limits: Limits, options: ReadOptions): Promise<Toc> {
  const file = await files.find('toc.dat', options);
  if (!file) throw damage(l10n.t('its file "{0}" is missing', 'toc.dat'), null);
  const source = await files.open(file);
  const reader = new SourceReader(source, options);
  try {
    return await readToc(reader, await readHeader(reader), tocOptions(limits, options));
  } finally {
    await reader.close();
    await source.close();
  }
}

/** Names a large objects' list may have. Before 1.16, and in tar files, the table of contents tells a wrong one. */
export function blobListNames({ id }: Entry, places: Toc['places']): string[] {
  const fileName = places.get(id)?.fileName ?? '';
  return [...(fileName.endsWith('.toc') ? [fileName] : []), `blobs_${id}.toc`, 'blobs.toc'];
}

export async function openMembers(dump: MemberDump, options: OpenOptions): Promise<DumpReader> {
  const toc = await readTocFile(dump.files, dump.limits, options);
  const reader = new MemberReader(dump, toc);
  if (dump.listable) await reader.locate(options);
  return reader;
}

/** A directory or tar dump: one file for each entry and each large object. */
class MemberReader implements DumpReader {
  readonly contents: Contents;
  readonly #files: MemberFiles;
  readonly #toc: Toc;
  #facts: LargeObjectFacts | undefined;
  #located = false;

  constructor({ files, format, wrapper }: MemberDump, toc: Toc) {
    this.#files = files;
    this.#toc = toc;
    this.contents = archiveContents(toc, format, wrapper);
  }

  get unlocated(): boolean {
    return !this.#located;
  }

  async locate({ signal, onProgress }: CountOptions): Promise<void> {
    const { entries, faults } = this.contents;
    const damaged = await this.#files.index({ signal });
    if (damaged && faults.length === 0) faults.push(damaged);
    for (const [i, entry] of entries.entries()) {
      if (!entry.hasData) continue;
      if (entry.kind === 'BLOBS') entry.bytes = await this.#objectBytes(entry, signal);
      else entry.bytes = (await this.#files.find(this.#fileName(entry), { signal }))?.member.size ?? null;
      onProgress?.((i + 1) / entries.length);
    }
    this.#located = true;
  }

  async data(entry: Entry, signal: AbortSignal | undefined): Promise<ByteSource> {
    const fileName = this.#fileName(entry);
    const file = await this.#files.find(fileName, { signal });
    if (file) return await this.#files.open(file);
    throw damage(l10n.t('its file "{0}" is missing', fileName), null, entryLabel(entry));
  }

  async *largeObjects({ signal }: CountOptions): AsyncGenerator<LargeObject> {
    this.#facts ??= new LargeObjectFacts(this.contents.entries);
    let failure: DamageError | null = null;
    // Damage of one group costs that one.
    for (const entry of this.#groups())
      try {
        for await (const { oid, file } of this.#list(entry, signal)) {
          const found = await this.#files.find(file, { signal });
          const bytes = found && decodedSize(found);
          yield { oid, bytes, ...this.#facts.of(oid, entry.name) };
        }
      } catch (error) {
        if (!(error instanceof DamageError)) throw error;
        failure ??= error;
      }
    if (failure) throw failure as DamageError;
  }

  async *largeObject(oid: number, { signal }: ReadOptions): AsyncGenerator<Buffer> {
    const file = await this.#files.find(blobFile(oid), { signal });
    if (!file) throw noLargeObject(oid);
    yield* wholeOf(await this.#files.open(file), signal);
  }

  #fileName({ id }: Entry): string {
    return this.#toc.places.get(id)!.fileName;
  }

  #groups(): Entry[] {
    return this.#toc.entries.filter(({ kind, hasData }) => kind === 'BLOBS' && hasData);
  }

  /** What an entry's list of large objects names, in pieces. */
  async *#list(entry: Entry, signal: AbortSignal | undefined): AsyncGenerator<{ oid: number; file: string }> {
    let file = null;
    for (const name of blobListNames(entry, this.#toc.places))
      file ??= await this.#files.find(name, { signal });
    if (!file) throw damage(l10n.t('its list of large objects is missing'), null, entryLabel(entry));
    let rest = '';
    for await (const part of wholeOf(await this.#files.open(file), signal)) {
      const parsed = parseBlobList(rest + part.toString('latin1'));
      rest = parsed.rest.slice(0, 1000);
      for (const oid of parsed.oids) yield { oid, file: blobFile(oid) };
    }
  }

  async #objectBytes(entry: Entry, signal: AbortSignal | undefined): Promise<number | null> {
    let bytes = 0;
    try {
      for await (const { file } of this.#list(entry, signal))
        bytes += (await this.#files.find(file, { signal }))?.member.size ?? 0;
    } catch (error) {
      if (error instanceof DamageError) return null;
      throw error;
    }
    return bytes;
  }
}
