import * as l10n from '@vscode/l10n';
import { checkAborted } from '../abort';
import { DamageError } from '../errors';
import type { ByteSource } from '../io/source';
import type { ScriptData } from '../sql/data-ranges';
import { ScriptScanner } from '../sql/scanner';
import { ScriptEntries } from '../sql/script-entries';
import type { ScriptObject } from '../sql/script-objects';
import { textCodec } from '../text';
import type { Contents, CountOptions, Counted, Entry, Fault, Limits, OpenOptions } from '../types';
import type { Found } from './types';

/** A script read to its end once. */
export interface Script {
  contents: Contents;
  counted: Counted;
  /** Where the rows lie, by the id of the entry. */
  data: ReadonlyMap<number, ScriptData>;
  largeObjects: readonly ScriptObject[];
}

export async function countPlain(found: Found, options: CountOptions): Promise<Counted> {
  return (await readScript(found, options)).counted;
}

/** Reads a script to its end: what is in it, and where the rows of every table lie. */
export async function readScript({ source, identity, limits }: Found, options: OpenOptions): Promise<Script> {
  const { wrapper } = identity;
  const { found, open, offset, broken } = await scanScript(source!, { ...options, limits }, null);
  let { metaCommands } = found;
  if (found.settings.unclear) {
    // Only a server could tell how its strings are read: what is a command either way is listed.
    const other = await scanScript(source!, { signal: options.signal, limits }, true);
    const lines = new Set(metaCommands.map(({ line }) => line));
    metaCommands = [...metaCommands, ...other.found.metaCommands.filter(({ line }) => !lines.has(line))];
    metaCommands.sort((a, b) => a.line - b.line);
  }
  const { facts, entries, data } = found;
  const faults = [...found.faults, ...(broken ? [broken] : ending(facts.openDumps > 0, open, offset))];
  const contents: Contents = {
    format: 'plain',
    scope: facts.heading === 'cluster' ? 'cluster' : 'database',
    archiveVersion: null,
    compression: wrapper && wrapper !== 'utf16' ? wrapper : 'none',
    wrapper,
    source: {
      database: facts.heading === 'cluster' ? null : found.connectsTo,
      serverVersion: facts.serverVersion,
      toolVersion: facts.toolVersion,
    },
    createdAt: facts.createdAt,
    entries,
    metaCommands,
    faults,
  };
  const largeObjects = found.largeObjects.found;
  const counted = { tables: tablesOf(entries, data), largeObjects: largeObjects.length, faults };
  return { contents, data, largeObjects, counted };
}

/** `escapes` null: followed as the script sets them. */
async function scanScript(
  source: ByteSource,
  { signal, onProgress, onEntries, limits }: OpenOptions & { limits: Limits },
  escapes: boolean | null,
) {
  const found = new ScriptEntries((settings) => {
    if (escapes === null) scanner.setEscapes(settings.escapes);
    scanner.setEncoding(textCodec(settings.encoding));
  }, limits.memory);
  const scanner: ScriptScanner = new ScriptScanner(found);
  scanner.backslashEscapes = escapes ?? false;
  scanner.setEncoding(textCodec(found.settings.encoding));
  let offset = 0;
  let told = 0;
  let zero = -1;
  let broken: Fault | null = null;
  const total = source.stored || 1;
  try {
    for await (const part of source.stream(0, { signal })) {
      checkAborted(signal);
      scanner.push(part);
      if (zero < 0 && part.includes(0)) zero = offset + part.indexOf(0);
      offset += part.length;
      onProgress?.(Math.min(1, source.storedBefore(offset) / total));
      // The last one still grows.
      if (onEntries && found.entries.length - told > 1) {
        onEntries(found.entries.slice(told, -1));
        told = found.entries.length - 1;
      }
    }
  } catch (error) {
    if (!(error instanceof DamageError)) throw error;
    broken = error.fault;
  }
  const open = scanner.end();
  found.finish();
  if (zero >= 0)
    found.faults.push({ what: l10n.t('the script holds a zero byte'), entry: null, offset: zero });
  return { found, open, offset, broken };
}

/** What the end of a script tells about a cut. */
function ending(unfinished: boolean, open: ReturnType<ScriptScanner['end']>, offset: number): Fault[] {
  const fault = (what: string): Fault[] => [{ what, entry: null, offset }];
  if (open === 'copy') return []; // Named with its table already.
  if (open === 'quotes') return fault(l10n.t('the script ends inside a quoted text'));
  if (open === 'comment') return fault(l10n.t('the script ends inside a comment'));
  if (open === 'statement') return fault(l10n.t('the script ends inside a statement'));
  if (unfinished) return fault(l10n.t('the line that says that the dump is complete is missing'));
  return [];
}

function tablesOf(entries: Entry[], data: ReadonlyMap<number, ScriptData>): Counted['tables'] {
  const tables = new Map<string, Counted['tables'][number]>();
  for (const { id, kind, schema, name, database } of entries) {
    if (kind !== 'TABLE DATA') continue;
    const key = JSON.stringify([database, schema, name]);
    const table = tables.get(key) ?? { schema: schema ?? '', name, rows: 0 };
    table.rows += data.get(id)?.rows ?? 0;
    tables.set(key, table);
  }
  return [...tables.values()];
}
