import * as l10n from '@vscode/l10n';
import { checkAborted } from '../abort';
import { DamageError } from '../errors';
import type { ByteSource } from '../io/source';
import type { ScriptData } from '../sql/data-ranges';
import { ScriptScanner } from '../sql/scanner';
import { ScriptEntries, type ScriptEntry } from '../sql/script-entries';
import type { Contents, CountOptions, Counted, Entry, Fault } from '../types';
import type { Found } from './types';

/** A script read to its end once. */
export interface Script {
  contents: Contents;
  counted: Counted;
  /** Where the rows lie, by the id of the entry. */
  data: Map<number, ScriptData>;
}

export async function countPlain(found: Found, options: CountOptions): Promise<Counted> {
  return (await readScript(found, options)).counted;
}

/** Reads a script to its end: what is in it, and where the rows of every table lie. */
export async function readScript({ source, identity }: Found, options: CountOptions): Promise<Script> {
  const { wrapper } = identity;
  const { found, open, offset, broken } = await scanScript(source!, options, null);
  let { metaCommands } = found;
  if (found.setsStrings) {
    // Only a server could tell how its strings are read: what is a command either way is listed.
    const other = await scanScript(source!, { signal: options.signal }, true);
    const lines = new Set(metaCommands.map(({ line }) => line));
    metaCommands = [...metaCommands, ...other.found.metaCommands.filter(({ line }) => !lines.has(line))];
    metaCommands.sort((a, b) => a.line - b.line);
  }
  const faults = [...found.faults, ...(broken ? [broken] : ending(found, open, offset))];
  const contents: Contents = {
    format: 'plain',
    scope: found.heading === 'cluster' ? 'cluster' : 'database',
    archiveVersion: null,
    compression: wrapper && wrapper !== 'utf16' ? wrapper : 'none',
    wrapper,
    source: {
      database: found.heading === 'cluster' ? null : found.connectsTo,
      serverVersion: found.serverVersion,
      toolVersion: found.toolVersion,
    },
    createdAt: found.createdAt,
    entries: found.entries.map(publicEntry),
    metaCommands,
    faults,
  };
  const data = new Map(found.entries.flatMap(({ id, data }) => (data ? [[id, data] as const] : [])));
  return { contents, data, counted: { tables: tablesOf(found.entries), largeObjects: 0, faults } };
}

/** `escapes` null: followed as the script sets them. */
async function scanScript(source: ByteSource, { signal, onProgress }: CountOptions, escapes: boolean | null) {
  const found = new ScriptEntries((now) => {
    if (escapes === null) scanner.setEscapes(now);
  });
  const scanner: ScriptScanner = new ScriptScanner(found);
  scanner.backslashEscapes = escapes ?? false;
  let offset = 0;
  let broken: Fault | null = null;
  const total = source.stored || 1;
  try {
    for await (const part of source.stream(0, { signal })) {
      checkAborted(signal);
      scanner.push(part);
      offset += part.length;
      onProgress?.(Math.min(1, source.storedBefore(offset) / total));
    }
  } catch (error) {
    if (!(error instanceof DamageError)) throw error;
    broken = error.fault;
  }
  return { found, open: scanner.end(), offset, broken };
}

/** What the end of a script tells about a cut. */
function ending(found: ScriptEntries, open: ReturnType<ScriptScanner['end']>, offset: number): Fault[] {
  const fault = (what: string): Fault[] => [{ what, entry: null, offset }];
  if (open === 'copy') return []; // Named with its table already.
  if (open === 'quotes') return fault(l10n.t('the script ends inside a quoted text'));
  if (open === 'comment') return fault(l10n.t('the script ends inside a comment'));
  if (open === 'statement') return fault(l10n.t('the script ends inside a statement'));
  if (found.openDumps > 0) return fault(l10n.t('the line that says that the dump is complete is missing'));
  return [];
}

function tablesOf(entries: ScriptEntry[]): Counted['tables'] {
  const tables = new Map<string, Counted['tables'][number]>();
  for (const { kind, schema, name, data, database } of entries) {
    if (kind !== 'TABLE DATA') continue;
    const key = JSON.stringify([database, schema, name]);
    const table = tables.get(key) ?? { schema: schema ?? '', name, rows: 0 };
    table.rows += data?.rows ?? 0;
    tables.set(key, table);
  }
  return [...tables.values()];
}

function publicEntry({ data: _data, ...entry }: ScriptEntry): Entry {
  return entry;
}
