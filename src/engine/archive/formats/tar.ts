import * as l10n from '@vscode/l10n';
import { checkAborted } from '../abort';
import { BLOCK, padding, parseTarHeader } from '../containers';
import { DamageError, damage } from '../errors';
import type { ByteReader } from '../io/byte-reader';
import { SourceReader } from '../io/source-reader';
import { progressOf } from '../io/progress';
import { BlobSink } from '../rows/blob-sink';
import type { Sink } from '../rows/sink';
import { readToc, type Toc, type TocEntry } from '../toc/entries';
import { readHeader } from '../toc/header';
import type { Counted, CountOptions, ReadOptions } from '../types';
import { BlobList } from './blob-list';
import { missingObjects } from './large-objects';
import { Tally } from './table-tally';
import type { Found } from './types';

interface Member {
  name: string;
  size: number;
  /** Where its header is. */
  at: number;
}

/** The next member's header; null at the end blocks, undefined when the file just ends. */
async function nextMember(reader: ByteReader): Promise<Member | null | undefined> {
  if (!(await reader.fill(BLOCK))) {
    if (reader.available > 0)
      throw damage(l10n.t('the file ends inside {0}', l10n.t('a tar header')), reader.offset);
    return undefined;
  }
  const at = reader.offset;
  const block = reader.take(BLOCK);
  if (block.every((byte) => byte === 0)) return null;
  const header = parseTarHeader(block);
  if (!header) throw damage(l10n.t('the header of a tar member is damaged'), at);
  if (header.size > reader.remaining) throw damage(l10n.t('"{0}" is cut short', header.name), at);
  return { name: header.name, size: header.size, at };
}

/** The table of contents, the first member; afterwards the reader stands behind it. */
async function openToc(reader: ByteReader, options: ReadOptions): Promise<Toc> {
  const first = await nextMember(reader);
  if (first?.name !== 'toc.dat') throw damage(l10n.t('its first member is not toc.dat'), 0);
  const start = reader.offset;
  const toc = await readToc(reader, await readHeader(reader), { ...options, end: start + first.size });
  const left = first.size - (reader.offset - start);
  const fault = (what: string): void => void toc.faults.push({ what, entry: null, offset: start });
  if (left < 0) fault(l10n.t('the table of contents is longer than its member'));
  else if (!(await reader.skip(left + padding(first.size)))) fault(l10n.t('"{0}" is cut short', 'toc.dat'));
  return toc;
}

/** Reads every member to its end and compares them with the table of contents. */
export async function countTar({ source }: Found, { signal, onProgress }: CountOptions): Promise<Counted> {
  const reader = new SourceReader(source!, { signal });
  try {
    const toc = await openToc(reader, { signal });
    const tally = new Tally(toc.entries);
    for (const fault of toc.faults) tally.add(fault);
    await new TarCount(reader, toc, tally, signal, progressOf(source!, reader, onProgress)).run();
    for (const entry of tally.missing()) tally.fault(l10n.t('its data is missing'), entry, null);
    return tally.counted;
  } finally {
    await reader.close();
  }
}

class TarCount {
  readonly #reader: ByteReader;
  readonly #tally: Tally;
  readonly #signal: AbortSignal | undefined;
  readonly #progress: () => void;
  readonly #entries: readonly TocEntry[];
  readonly #byFile: Map<string, TocEntry>;
  /** BLOBS entries in order: before 1.16 there is one, whose list is `blobs.toc`. */
  readonly #blobs: TocEntry[];
  /** Large objects met; their list comes after them. */
  #met = new Set<string>();

  constructor(
    reader: ByteReader,
    { entries }: Toc,
    tally: Tally,
    signal: AbortSignal | undefined,
    progress: () => void,
  ) {
    this.#reader = reader;
    this.#tally = tally;
    this.#signal = signal;
    this.#progress = progress;
    this.#entries = entries;
    const data = entries.filter(({ hasData }) => hasData);
    this.#byFile = new Map(
      data.filter(({ kind }) => kind !== 'BLOBS').map((entry) => [entry.fileName, entry]),
    );
    this.#blobs = data.filter(({ kind }) => kind === 'BLOBS');
  }

  async run(): Promise<void> {
    let entry: TocEntry | null = null;
    try {
      for (;;) {
        entry = null;
        const member = await nextMember(this.#reader);
        if (member === null) return;
        if (member === undefined) {
          this.#tally.fault(l10n.t('the end of the tar file is missing'), null, this.#reader.offset);
          return;
        }
        const known = this.#byFile.get(member.name);
        entry = known ? (this.#tally.take(known.id) ?? null) : null;
        await this.#member(member, entry);
      }
    } catch (error) {
      if (!(error instanceof DamageError)) throw error;
      this.#tally.fault(error.fault.what, entry, error.fault.offset);
    }
  }

  async #member(member: Member, entry: TocEntry | null): Promise<void> {
    const tally = this.#tally;
    if (entry) {
      const sink = tally.sinkFor(entry);
      await this.#read(member, sink);
      for (const fault of sink.end()) tally.fault(fault, entry, member.at);
      tally.rows(entry, sink.rows);
    } else if (/^blob_\d+\.dat$/.test(member.name)) {
      await this.#read(member, new BlobSink());
      this.#met.add(member.name);
      tally.counted.largeObjects++;
    } else if (/^blobs(?:_\d+)?\.toc$/.test(member.name)) await this.#list(member);
    else await this.#read(member, new BlobSink());
    if (!(await this.#reader.skip(padding(member.size))))
      throw damage(l10n.t('"{0}" is cut short', member.name), member.at);
  }

  async #list(member: Member): Promise<void> {
    const id = Number(/\d+/.exec(member.name)?.[0]);
    const of = this.#blobs.find((entry) => entry.id === id) ?? this.#blobs[0];
    const entry = of ? (this.#tally.take(of.id) ?? of) : null;
    const list = new BlobList();
    await this.#read(member, list);
    for (const fault of list.end()) this.#tally.fault(fault, entry, member.at);
    const met = new Set(list.objects.map(({ oid }) => Number(oid)));
    for (const oid of entry ? missingObjects(entry, this.#entries, met) : [])
      this.#tally.fault(l10n.t('its list of large objects lacks {0}', oid), entry, member.at);
    for (const { oid, file } of list.objects)
      if (!this.#met.has(file))
        this.#tally.fault(
          l10n.t('the file "{0}" of large object {1} is missing', file, oid),
          entry,
          member.at,
        );
  }

  async #read({ name, size, at }: Member, sink: Sink): Promise<void> {
    for (let left = size; left > 0;) {
      checkAborted(this.#signal);
      if (this.#reader.available === 0 && !(await this.#reader.fill(1)))
        throw damage(l10n.t('"{0}" is cut short', name), at);
      const part = this.#reader.take(Math.min(left, this.#reader.available));
      sink.push(part);
      left -= part.length;
      this.#progress();
    }
  }
}
