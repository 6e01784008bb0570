import { quoteIdent } from '../../quote';
import { checkAborted } from '../abort';
import { defaultLimits } from '../limits';
import { open } from '../open';
import { contentsEncoding, bytesOf } from '../text';
import { copyTarget } from '../rows/columns';
import { Renamer } from '../rewrite';
import type { Archive, EmitOptions, Entry } from '../types';
import { withoutSettings } from './routine-settings';
import { definitionText, EntrySettings, madeObject, placedPieces, preamble } from './script-text';
import { isSetting, objectOids, ownerStatement, passOf } from './statements';

/**
 * Parts of a dump of any format as a script for psql, in UTF-8, with other names where asked for: definitions, rows and
 * large objects in the order pg_restore has them. Comments above the entries are pg_dump's, so that messages can be told
 * apart. Memory is bounded. Throws `DamageError` for what cannot be read, after everything before it was given out.
 */
export async function* emitScript(path: string, options: EmitOptions = {}): AsyncGenerator<Buffer> {
  const { signal } = options;
  await using archive = await open(path, { signal, limits: { disk: defaultLimits.disk } });
  yield* new Emission(archive, options).run();
}

class Emission {
  readonly #archive: Archive;
  readonly #options: EmitOptions;
  readonly #renamer: Renamer | null;
  readonly #settings: EntrySettings;
  readonly #entries: Entry[];
  readonly #byId: Map<number, Entry>;
  readonly #objects = new Set<number>();

  constructor(archive: Archive, options: EmitOptions) {
    const { contents } = archive;
    this.#archive = archive;
    this.#options = options;
    this.#renamer = options.renames ? new Renamer(contents.entries, options.renames) : null;
    this.#settings = new EntrySettings(contents, options.tablespaces ?? true);
    const chosen = options.entries ? new Set(options.entries) : null;
    this.#entries = contents.entries.filter((entry) => !chosen || chosen.has(entry.id));
    this.#byId = new Map(contents.entries.map((entry) => [entry.id, entry]));
  }

  async *run(): AsyncGenerator<Buffer> {
    const { signal, onProgress, before = [], after = [], knows } = this.#options;
    const { contents } = this.#archive;
    const encoding = contentsEncoding(contents.entries) ?? 'UTF8';
    yield Buffer.from(preamble(contents, encoding, knows));
    yield bytesOf(joined(before));
    const size = this.#entries.reduce((sum, entry) => sum + weight(entry), 0) || 1;
    let done = 0;
    for (const pass of [0, 1, 2] as const)
      for (const entry of this.#entries) {
        if (passOf(entry) !== pass) continue;
        checkAborted(signal);
        if (entry.kind === 'BLOBS') yield* this.#largeObjects();
        else if (entry.kind === 'TABLE DATA')
          yield* this.#rows(entry, (part) => onProgress?.((done + part * weight(entry)) / size));
        else if (!isSetting(entry)) yield* this.#definition(entry);
        onProgress?.((done += weight(entry)) / size);
      }
    yield bytesOf(joined(after));
  }

  *#definition(original: Entry): Generator<Buffer> {
    const entry = this.#plain(this.#named(original));
    const { definition, kind } = entry;
    const objects = objectOids(entry, this.#byId)?.filter((oid) => this.#objects.has(oid)) ?? null;
    if (!definition || objects?.length === 0) return;
    const owner = this.#options.owners === false || kind === 'DEFAULT ACL' ? '' : ownerStatement(entry);
    const head = this.#settings.heading(entry) + this.#settings.before(entry);
    yield bytesOf(head + definitionText(entry, objects, owner));
  }

  async *#rows(original: Entry, onProgress: (fraction: number) => void): AsyncGenerator<Buffer> {
    const { id, hasData, copyStatement } = original;
    if (!hasData) return;
    const { signal } = this.#options;
    const entry = this.#named(original);
    yield bytesOf(this.#settings.heading(entry, 'Data for '));
    if (copyStatement) {
      yield bytesOf(entry.copyStatement);
      yield* this.#archive.exportRows(id, { format: 'tsv', signal, onProgress });
      yield Buffer.from('\\.\n\n\n');
      return;
    }
    const { schema, name } = entry;
    yield* this.#archive.exportRows(id, {
      ...{ format: 'inserts', header: false, into: { schema, name }, signal, onProgress },
    });
    yield Buffer.from('\n\n');
  }

  /** All of them, when the entry that holds their contents was chosen. Scripts and archives have them in one place. */
  async *#largeObjects(): AsyncGenerator<Buffer> {
    if (this.#objects.size > 0) return;
    const { signal, owners, renames } = this.#options;
    for await (const { oid, owner } of this.#archive.largeObjects({ signal })) {
      this.#objects.add(oid);
      yield Buffer.from(madeObject(oid));
      let at = 0;
      for await (const part of this.#archive.largeObject(oid, { signal })) {
        yield Buffer.from(placedPieces(oid, at, part));
        at += part.length;
      }
      const named = owner && owners !== false ? (renames?.roles?.[owner] ?? owner) : null;
      yield bytesOf(named ? `\nALTER LARGE OBJECT ${oid} OWNER TO ${quoteIdent(named)};\n\n` : '\n');
    }
  }

  /** A routine without the settings that are left out. */
  #plain(entry: Entry): Entry {
    const { withoutSettings: settings = [] } = this.#options;
    if (!settings.length || !/^(?:FUNCTION|PROCEDURE)$/.test(entry.kind)) return entry;
    return { ...entry, definition: withoutSettings(entry.definition, settings) };
  }

  #named(entry: Entry): Entry {
    const named = this.#renamer?.entry(entry) ?? entry;
    // Rows of INSERT scripts are written anew, under the name their entry has.
    const into = named === entry || entry.kind !== 'TABLE DATA' ? null : copyTarget(named.copyStatement);
    return into ? { ...named, schema: into.schema ?? named.schema } : named;
  }
}

function joined(statements: readonly string[]): string {
  return statements.length === 0 ? '' : `${statements.join('\n')}\n\n`;
}

function weight({ bytes, hasData }: Entry): number {
  return hasData ? (bytes ?? 1) : 0;
}
