import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import * as l10n from '@vscode/l10n';
import { open, type Archive, type Contents, type Entry } from '../../archive';
import { contentsEncoding, copyTarget, tableColumns, textCodec, tokens } from '../../archive/comparing';
import type { ArtifactSide, SequenceValue } from '../types';
import { tableKey, type OpenSide, type SideTable, type TablePart } from './types';

/** Values longer than this are told apart by their beginning and length in dumps of INSERT statements. */
const longestValue = 16 * 1024 * 1024;

/** Opens a dump as a side. Throws as the reader does for what is no dump. */
export async function openArtifactSide(side: ArtifactSide, signal: AbortSignal): Promise<OpenSide> {
  const archive = await opening(side.path, signal);
  try {
    const contents = ofDatabase(archive.contents, side.database);
    if (archive.unlocated) await archive.locate({ signal });
    return await opened(side, archive, contents);
  } catch (error) {
    await archive.close();
    throw error;
  }
}

/** Tables are read twice at most: what was decoded is kept only where a table cannot be found without decoding all before it. */
async function opening(path: string, signal: AbortSignal): Promise<Archive> {
  const archive = await open(path, { signal, limits: { value: longestValue, disk: 0 } });
  const { wrapper, inside } = archive.contents;
  if (wrapper === null && !inside) return archive;
  await archive.close();
  return await open(path, { signal, limits: { value: longestValue } });
}

/** Of a whole-server script the entries of one database, as if it were a dump of it. */
function ofDatabase(contents: Contents, database: string | undefined): Contents {
  if (database === undefined) return contents;
  const entries = contents.entries
    .filter((entry) => entry.database === database)
    .map(({ database: _, ...entry }) => entry);
  return { ...contents, scope: 'database', source: { ...contents.source, database }, entries };
}

async function opened(side: ArtifactSide, archive: Archive, contents: Contents): Promise<OpenSide> {
  const encoding = contentsEncoding(contents.entries) ?? 'UTF8';
  const codec = textCodec(encoding);
  const { source } = contents;
  return {
    facts: {
      kind: 'artifact',
      title: basename(side.path),
      path: side.path,
      connection: null,
      connectionId: null,
      database: source.database,
      serverVersion: source.serverVersion,
      at: contents.createdAt,
      bytes: 0,
      encoding,
    },
    contents,
    codec,
    tables: tablesOf(archive, contents),
    unread: new Set(),
    faults: contents.faults,
    sequences: () => Promise.resolve(sequencesOf(contents)),
    largeObjects: (signal) => largeObjectsOf(archive, contents, signal),
    close: () => archive.close(),
  };
}

function tablesOf(archive: Archive, contents: Contents): SideTable[] {
  const { entries } = contents;
  const tables = new Map<string, SideTable>();
  for (const entry of entries)
    if (entry.kind === 'TABLE DATA') {
      const table = entry.hasData ? tableOf(archive, entry) : emptyTable(entry, contents);
      tables.set(tableKey(table), table);
    }
  // A table without rows is there with its entry; without an entry nobody knows its rows.
  const parted = partitioned(entries);
  for (const { kind, schema, name, database } of entries) {
    const key = tableKey({ schema, name, database });
    if (kind !== 'TABLE' || schema === null || tables.has(key) || parted.has(key)) continue;
    const why = l10n.t('The dump holds no rows of it.');
    tables.set(key, { schema, name, database, columns: [], part: null, why });
  }
  return [...tables.values()];
}

/** Tables that have partitions instead of rows. */
function partitioned(entries: readonly Entry[]): Set<string> {
  return new Set(
    entries.flatMap((entry) =>
      entry.kind === 'TABLE' &&
      /\)\s*PARTITION BY\b|^[^(]*PARTITION OF[^]*\bPARTITION BY\b/.test(entry.definition)
        ? tableKey(entry)
        : [],
    ),
  );
}

/** Of dumps of INSERT statements, which have none for it. */
function emptyTable(entry: Entry, contents: Contents): SideTable {
  const { schema, name, database } = entry;
  const { columns } = tableColumns(entry, contents);
  const part: TablePart = {
    ...{ schema: schema ?? '', name, hasRaw: true, endLine: false, bytes: 0 },
    columns: columns.map((column) => column.name),
    fraction: () => 0,
    async *read() {
      yield* [];
    },
  };
  return { schema: part.schema, name, database, columns, part, why: null };
}

function tableOf(archive: Archive, entry: Entry): SideTable {
  const { id, schema, name, database, copyStatement, bytes } = entry;
  const columns = archive.columns(id);
  const target = copyTarget(copyStatement);
  const hasRaw = target !== null && target.options === null;
  const part: TablePart = {
    ...{ schema: schema ?? '', name, hasRaw, endLine: true },
    columns: columns.map((column) => column.name),
    bytes: bytes ?? 0,
    fraction(read) {
      const data = archive.data(id);
      return data.stored ? Math.min(1, data.storedBefore(read) / data.stored) : 0;
    },
    read: (how, signal) =>
      how === 'raw'
        ? archive.data(id).read(0, { signal, passing: true })
        : archive.exportRows(id, { format: 'tsv', signal }),
  };
  return { schema: part.schema, name, database, columns, part, why: null };
}

/** `SELECT pg_catalog.setval('public.orders_id_seq', 7, true);` */
function sequencesOf({ entries }: Contents): Map<string, SequenceValue> | null {
  const values = new Map<string, SequenceValue>();
  for (const entry of entries) {
    if (entry.kind !== 'SEQUENCE SET') continue;
    const words = [...tokens(entry.definition)].filter(({ text }) => text !== ',' && text !== '-');
    const at = words.findIndex(({ text }) => text === 'setval');
    const [, name, value, called] = words.slice(at + 1);
    if (at < 0 || !name || !value) continue;
    const sign = entry.definition.slice(name.end, value.start).includes('-') ? '-' : '';
    values.set(tableKey(entry), { value: sign + value.text, called: called?.text !== 'false' });
  }
  return values.size > 0 ? values : null;
}

function largeObjectsOf(archive: Archive, { entries }: Contents, signal: AbortSignal) {
  return entries.some(({ kind }) => kind === 'BLOBS') || entries.some(({ kind }) => /^BLOB/.test(kind))
    ? digests(archive, signal)
    : null;
}

async function* digests(archive: Archive, signal: AbortSignal) {
  for await (const { oid } of archive.largeObjects({ signal })) {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const part of archive.largeObject(oid, { signal })) {
      hash.update(part);
      bytes += part.length;
    }
    yield { oid, bytes, digest: hash.digest('base64') };
  }
}
