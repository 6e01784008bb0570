import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import { checkAborted } from '../abort';
import { DamageError } from '../errors';
import type { DumpReader } from '../formats/types';
import type { ByteSource } from '../io/source';
import { defaultLimits } from '../limits';
import { openReader } from '../open';
import { columnCount } from '../rows/columns';
import { bytesOf, contentsEncoding, textCodec, type TextCodec } from '../text';
import { entryLabel } from '../toc/entries';
import type { Entry, Fault, SalvagedTable, SalvageOptions, SalvageReport } from '../types';
import { FilesTarget } from './files-target';
import { salvageLargeObjects } from './large-objects';
import { writeAside } from './output';
import { ScriptTarget } from './script-target';
import { isSetting, objectOids, passOf } from '../emit/statements';
import type { Target } from './target';
import { WholeInserts, WholeRows, type WholeData } from './whole-rows';

/**
 * Writes what can be read of a (damaged) dump: every readable definition, the rows of each table up to the
 * damage, if any, and every large object that is whole. `script`: an SQL script for psql in pg_dump's order;
 * `files`: a folder. Rows whose entry is lost come into a folder beside (`TARGET.rows`, or in `files`), as
 * COPY text. Memory is bounded; what is written has the name `TARGET.partial` until it is complete.
 * Throws `archive.notADump` for what cannot be read at all, `salvage.exists` when the target does.
 */
export async function salvage(
  path: string,
  target: string,
  options: SalvageOptions = {},
): Promise<SalvageReport> {
  const { found, reader } = await openReader(path, defaultLimits, { signal: options.signal });
  try {
    if (reader.contents.scope === 'cluster') throw wholeServer(path);
    const folder = options.as === 'files';
    return await writeAside(target, folder, async (partial) => {
      const encoding = contentsEncoding(reader.contents.entries) ?? 'UTF8';
      const out: Target = folder
        ? new FilesTarget(partial, encoding)
        : await ScriptTarget.create(partial, target, basename(path), reader.contents, encoding);
      try {
        const report = await new Salvage(reader, out, textCodec(encoding), options).run();
        await out.close();
        return { ...report, files: [target, ...out.beside] };
      } catch (error) {
        await out.close().catch(() => {});
        for (const path of out.beside) await rm(path, { recursive: true, force: true });
        throw error;
      }
    });
  } finally {
    await found.close();
  }
}

class Salvage {
  readonly #reader: DumpReader;
  readonly #out: Target;
  readonly #codec: TextCodec;
  readonly #options: SalvageOptions;
  readonly #tables: SalvagedTable[] = [];
  readonly #faults: Fault[];
  #written = 0;

  constructor(reader: DumpReader, out: Target, codec: TextCodec, options: SalvageOptions) {
    this.#reader = reader;
    this.#out = out;
    this.#codec = codec;
    this.#options = options;
    this.#faults = [...reader.contents.faults];
  }

  async run(): Promise<Omit<SalvageReport, 'files'>> {
    const { signal, onProgress } = this.#options;
    const { entries } = this.#reader.contents;
    const size = entries.reduce((sum, entry) => sum + weight(entry), 0) || 1;
    let done = 0;
    let objects: { whole: Set<number>; lost: number[] } = { whole: new Set(), lost: [] };
    const byId = new Map(entries.map((entry) => [entry.id, entry]));
    for (const pass of [0, 1, 2] as const)
      for (const entry of entries) {
        if (passOf(entry) !== pass) continue;
        checkAborted(signal);
        if (entry.kind === 'BLOBS') {
          if (objects.whole.size + objects.lost.length === 0)
            objects = await salvageLargeObjects(this.#reader, this.#out, this.#faults, signal);
        } else if (entry.kind === 'TABLE DATA') await this.#table(entry);
        else if (!isSetting(entry)) await this.#definition(entry, objects.whole, byId);
        onProgress?.((done += weight(entry)) / size);
      }
    await this.#orphans();
    const { faults, lostEntries } = this.#reader.contents;
    return {
      tables: this.#tables,
      definitions: { written: this.#written, lost: lostEntries ?? (faults.length === 0 ? 0 : null) },
      largeObjects: { whole: objects.whole.size, lost: objects.lost },
      faults: this.#faults,
    };
  }

  async #definition(
    entry: Entry,
    objects: ReadonlySet<number>,
    byId: ReadonlyMap<number, Entry>,
  ): Promise<void> {
    const oids = objectOids(entry, byId);
    const whole = oids?.filter((oid) => objects.has(oid));
    if (!entry.definition || whole?.length === 0) return;
    await this.#out.definition(entry, whole ?? null);
    this.#written++;
  }

  async #table(entry: Entry): Promise<void> {
    const { id, schema, name, copyStatement, hasData } = entry;
    if (!hasData) return;
    const written = this.#reader.written?.(entry);
    // In a script the encoding may change from one statement to the next.
    const codec = written ? textCodec(written.encoding) : this.#codec;
    const whole = copyStatement
      ? new WholeRows(columnCount(copyStatement), codec.name === 'UTF8')
      : new WholeInserts(written);
    const open = (): Promise<ByteSource> => this.#reader.data(entry, this.#options.signal);
    const { fault, file } = await this.#rows(entry, codec, open, whole);
    const state = fault === null ? 'whole' : whole.rows > 0 ? 'partial' : 'lost';
    this.#tables.push({ schema, name, id, state, rows: whole.rows, fault, file });
  }

  async #orphans(): Promise<void> {
    const { signal } = this.#options;
    if (!this.#reader.orphans || this.#faults.length === 0) return;
    for await (const { id, data } of this.#reader.orphans({ signal })) {
      const whole = new WholeRows(null, this.#codec.name === 'UTF8');
      const { fault, file } = await this.#rows(null, this.#codec, async () => data, whole, id);
      const lost = { what: l10n.t('its entry is lost'), entry: null, offset: null };
      this.#tables.push({
        ...{ schema: null, name: null, id, state: fault ? 'partial' : 'whole', rows: whole.rows },
        ...{ fault: fault ?? lost, file },
      });
    }
  }

  /** Writes rows up to their end or to damage. */
  async #rows(
    entry: Entry | null,
    codec: TextCodec,
    open: () => Promise<ByteSource>,
    whole: WholeData,
    id = 0,
  ): Promise<{ fault: Fault | null; file: string | null }> {
    const { signal } = this.#options;
    const label = entry && entryLabel(entry);
    const file = await this.#out.beginRows(entry, id);
    let fault: Fault | null = null;
    try {
      const source = await open();
      try {
        for await (const part of source.stream(0, { signal })) {
          checkAborted(signal);
          await this.#out.rows(asWritten(whole.push(part), codec));
        }
      } finally {
        await source.close();
      }
    } catch (error) {
      if (!(error instanceof DamageError)) throw error;
      fault = { ...error.fault, entry: label };
    }
    await this.#out.rows(asWritten(whole.finish(fault !== null), codec));
    fault ??= whole.fault === null ? null : { what: whole.fault, entry: label, offset: null };
    await this.#out.endRows(entry, fault, whole.rows);
    if (fault) this.#faults.push(fault);
    return { fault, file };
  }
}

/** Whole lines, as the target has them: in UTF-8, unless nobody knows what the bytes are. */
function asWritten(lines: Buffer, codec: TextCodec): Buffer {
  return lines.length === 0 || codec.name === 'UTF8' || codec.name === 'SQL_ASCII'
    ? lines
    : bytesOf(codec.decode(lines));
}

function weight({ bytes, hasData }: Entry): number {
  return hasData ? (bytes ?? 1) : 0;
}

function wholeServer(path: string): RestorePointError {
  return new RestorePointError({
    code: 'salvage.cluster',
    what: l10n.t('"{0}" is a script of a whole server.', path),
    why: l10n.t('Only dumps of one database can be salvaged.'),
    next: l10n.t('Run the script with psql up to its damage.'),
  });
}
