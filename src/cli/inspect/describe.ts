import * as l10n from '@vscode/l10n';
import type { Contents, Entry } from '../../engine/archive';
import type { Artifact } from '../../engine/artifacts';
import { evidenceText } from '../evidence';
import { bytesText, printable, table, tablePieces } from '../output';

/** Rows of every table, as `--count` found them. */
export interface TableCount {
  database?: string;
  schema: string;
  name: string;
  rows: number;
}

/** An entry as `--json` prints it. */
export function publicEntry({
  id,
  kind,
  schema,
  name,
  owner,
  section,
  bytes,
  hasData,
  database,
}: Entry): object {
  return { id, kind, schema, name, owner, section, bytes, hasData, ...(database ? { database } : {}) };
}

export function contentsDocument(
  artifact: Artifact,
  contents: Contents,
  counts: TableCount[] | null,
): object {
  return {
    artifact: artifact.path,
    format: contents.format,
    scope: contents.scope,
    archiveVersion: contents.archiveVersion,
    compression: contents.compression,
    wrapper: contents.wrapper,
    source: contents.source,
    createdAt: contents.createdAt,
    bytes: artifact.bytes,
    entries: contents.entries.map(publicEntry),
    ...(counts ? { tables: counts } : {}),
    metaCommands: contents.metaCommands,
    faults: contents.faults,
    manifest: artifact.manifest,
  };
}

/** Sets and rows have no contents list of their own: what the manifest says must do. */
export function membersDocument({ path, recognised, manifest, createdAt, bytes, source }: Artifact): object {
  return {
    artifact: path,
    format: recognised.format,
    archiveVersion: null,
    compression: manifest?.compression ?? 'none',
    source: {
      database: source.database,
      serverVersion: manifest?.source.serverVersion ?? null,
      toolVersion: manifest?.tool.version ?? null,
    },
    createdAt,
    bytes,
    entries: [],
    members: manifest?.files ?? [],
    manifest,
  };
}

export function describeMembers(artifact: Artifact): string {
  const files = artifact.manifest?.files ?? [];
  return [
    head(artifact, artifact.recognised.format ?? '', artifact.manifest?.tool.version ?? null),
    table(
      files.map(({ path, bytes, holds }) => [bytesText(bytes), printable(holds ?? ''), printable(path)]),
      [0],
    ),
  ].join('\n\n');
}

function head(
  { path, source, createdAt, bytes, evidence, manifest }: Artifact,
  how: string,
  tool: string | null,
): string {
  return [
    printable(path),
    `  ${[
      source.database === '*' ? l10n.t('whole server') : printable(source.database ?? '–'),
      manifest && `PostgreSQL ${manifest.source.serverVersion}`,
      tool,
    ]
      .filter(Boolean)
      .join(' · ')}`,
    `  ${[createdAt.slice(0, 19).replace('T', ' '), how, bytesText(bytes), evidenceText(evidence)].join(' · ')}`,
  ].join('\n');
}

/** What a person reads of a dump, in pieces. */
export function* describeContents(
  artifact: Artifact,
  contents: Contents,
  counts: TableCount[] | null,
): Generator<string> {
  const { format, archiveVersion, compression, source, entries, metaCommands } = contents;
  const version = archiveVersion ? `${archiveVersion.join('.')}, ` : '';
  const rows = new Map(counts?.map((count) => [tableKey(count), count.rows]));
  yield `${head(
    artifact,
    `${format} (${version}${compression})`,
    source.toolVersion && `pg_dump ${source.toolVersion}`,
  )}\n\n`;
  const cells = entries.map((entry) => {
    const { id, section, kind, database, schema, name, owner, bytes, hasData } = entry;
    const whole = printable((database ? `${database}.` : '') + (schema ? `${schema}.` : '') + name);
    const row = [String(id), section, kind, whole, printable(owner ?? ''), hasData ? bytesText(bytes) : ''];
    const counted = counts && hasData ? rows.get(tableKey(entry)) : undefined;
    if (counts) row.push(counted?.toLocaleString('en') ?? '');
    return row;
  });
  cells.unshift(['id', 'section', 'kind', 'name', 'owner', 'bytes', ...(counts ? ['rows'] : [])]);
  yield* tablePieces(cells, [0, 5, 6]);
  const strange = metaCommands.filter(({ own }) => !own);
  if (strange.length)
    yield [
      '',
      l10n.t('psql commands in this script:'),
      ...strange.map(({ line, text }) => `  ${line}: ${printable(text)}`),
    ].join('\n');
}

function tableKey({ database, schema, name }: Pick<Entry, 'database' | 'schema' | 'name'>): string {
  return JSON.stringify([database ?? null, schema ?? '', name]);
}
