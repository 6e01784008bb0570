import * as l10n from '@vscode/l10n';
import { checkAborted } from '../abort';
import { cutShort, findTarHeader, nextTarMember, passTarMember, type TarMember } from '../containers';
import { DamageError, damage } from '../errors';
import type { ByteReader } from '../io/byte-reader';
import { SourceReader } from '../io/source-reader';
import { progressOf } from '../io/progress';
import { openForward } from '../io/window-reader';
import { BlobSink } from '../rows/blob-sink';
import type { Sink } from '../rows/sink';
import { readToc, type Toc } from '../toc/entries';
import { readHeader } from '../toc/header';
import type { Counted, CountOptions, Entry, Limits, ReadOptions } from '../types';
import { tocOptions } from './archive-contents';
import { blobFile, BlobList } from './blob-list';
import { missingObjects } from './large-objects';
import { Tally } from './table-tally';
import type { Found } from './types';

/** The table of contents, the first member; afterwards the reader stands behind it. */
async function openToc(reader: ByteReader, limits: Limits, options: ReadOptions): Promise<Toc> {
  const first = await nextTarMember(reader);
  if (first?.name !== 'toc.dat') throw damage(l10n.t('its first member is not toc.dat'), 0);
  const end = first.start + first.size;
  const toc = await readToc(reader, await readHeader(reader), { ...tocOptions(limits, options), end });
  const fault = (what: string): void => void toc.faults.push({ what, entry: null, offset: first.start });
  if (reader.offset > end) fault(l10n.t('the table of contents is longer than its member'));
  else if (!(await passTarMember(reader, first))) fault(cutShort(first).fault.what);
  return toc;
}

/** Reads every member to its end and compares them with the table of contents. */
export async function countTar(
  { source, limits }: Found,
  { signal, onProgress }: CountOptions,
): Promise<Counted> {
  const reader = new SourceReader(source!, { signal });
  try {
    const toc = await openToc(reader, limits, { signal });
    const tally = new Tally(toc, limits);
    const members = source!.seekable ? openForward(source!, { from: reader.offset, signal }) : reader;
    try {
      await new TarCount(members, toc, tally, signal, progressOf(source!, members, onProgress)).run();
    } finally {
      await members.close();
    }
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
  readonly #entries: readonly Entry[];
  readonly #byFile: Map<string, Entry>;
  /** BLOBS entries in order: before 1.16 there is one, whose list is `blobs.toc`. */
  readonly #blobs: Entry[];
  /** Large objects met; their list comes after them. */
  #met = new Set<number>();

  constructor(
    reader: ByteReader,
    { entries, places }: Toc,
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
      data.filter(({ kind }) => kind !== 'BLOBS').map((entry) => [places.get(entry.id)!.fileName, entry]),
    );
    this.#blobs = data.filter(({ kind }) => kind === 'BLOBS');
  }

  async run(): Promise<void> {
    for (;;) {
      const from = this.#reader.offset;
      let entry: Entry | null = null;
      try {
        const member = await nextTarMember(this.#reader);
        if (!member) {
          if (member === undefined)
            this.#tally.fault(l10n.t('the end of the tar file is missing'), null, this.#reader.offset);
          return;
        }
        const known = this.#byFile.get(member.name);
        entry = known ? (this.#tally.take(known.id) ?? null) : null;
        await this.#member(member, entry);
      } catch (error) {
        if (!(error instanceof DamageError)) throw error;
        this.#tally.fault(error.fault.what, entry, error.fault.offset);
        if (!(await findTarHeader(this.#reader, from, this.#signal))) return;
      }
    }
  }

  async #member(member: TarMember, entry: Entry | null): Promise<void> {
    const tally = this.#tally;
    if (entry) {
      const sink = tally.sinkFor(entry);
      await this.#read(member, sink);
      for (const fault of sink.end()) tally.fault(fault, entry, member.at);
      tally.rows(entry, sink.rows);
    } else if (/^blob_\d{1,10}\.dat$/.test(member.name)) {
      await this.#read(member, new BlobSink());
      this.#met.add(Number(member.name.slice(5, -4)));
      tally.counted.largeObjects++;
    } else if (/^blobs(?:_\d+)?\.toc$/.test(member.name)) await this.#list(member);
    else await this.#read(member, new BlobSink());
    if (!(await passTarMember(this.#reader, member))) throw cutShort(member);
  }

  async #list(member: TarMember): Promise<void> {
    const id = Number(/\d+/.exec(member.name)?.[0]);
    const of = this.#blobs.find((entry) => entry.id === id) ?? this.#blobs[0];
    const entry = of ? (this.#tally.take(of.id) ?? of) : null;
    const list = new BlobList(this.#tally.memory);
    await this.#read(member, list);
    for (const fault of list.end()) this.#tally.fault(fault, entry, member.at);
    for (const oid of entry ? missingObjects(entry, this.#entries, list.oids) : [])
      this.#tally.fault(l10n.t('its list of large objects lacks {0}', oid), entry, member.at);
    for (const oid of list.oids)
      if (!this.#met.has(oid))
        this.#tally.fault(
          l10n.t('the file "{0}" of large object {1} is missing', blobFile(oid), oid),
          entry,
          member.at,
        );
  }

  async #read(member: TarMember, sink: Sink): Promise<void> {
    for (let left = member.size; left > 0;) {
      checkAborted(this.#signal);
      if (this.#reader.available === 0 && !(await this.#reader.fill(1))) throw cutShort(member);
      const part = this.#reader.take(Math.min(left, this.#reader.available));
      sink.push(part);
      left -= part.length;
      this.#progress();
    }
  }
}
