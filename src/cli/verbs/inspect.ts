import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { readContents, type Contents, type Entry } from '../../engine/archive';
import type { Artifact } from '../../engine/artifacts';
import { RestorePointError } from '../../engine/errors';
import { common, parse, UsageError } from '../args';
import { evidenceText } from '../evidence';
import { exitCodes, type Verb } from '../io';
import { bytesText, note, printable, printResult, table } from '../output';
import { openArtifact } from './verify';

const usage = `restore-point inspect: what is in a backup, read without PostgreSQL

Usage: restore-point inspect ARTIFACT [--ddl ENTRY] [--json]

  --ddl ENTRY   the SQL that makes one entry: its id, or SCHEMA.NAME
  --json        {"artifact", "format", "archiveVersion", "compression", "source": {database, serverVersion,
                toolVersion}, "createdAt", "entries": [{id, kind, schema, name, owner, section, bytes, hasData}],
                "metaCommands", "faults", "manifest"}; with --ddl {"entry", "definition"}

A set (a folder of several dumps) lists its members; inspect each by its own path.
`;

export const verb: Verb = {
  name: 'inspect',
  summary: 'header and contents of a backup; --ddl prints a definition',
  usage,
  async run(args, io) {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: { ...common, ddl: { type: 'string' } },
    });
    const [given, ...more] = positionals;
    if (given === undefined || more.length) throw new UsageError(l10n.t('inspect takes one artifact.'));
    const artifact = await openArtifact(resolve(given));
    const { kind } = artifact.recognised;
    if (kind === 'set' || kind === 'rows') {
      if (values.ddl !== undefined) throw noEntry(values.ddl, artifact.path);
      printResult(io, membersOnly(artifact), describeMembers(artifact));
      return exitCodes.done;
    }
    const contents = await readContents(artifact.path, { signal: io.signal });
    for (const { what, entry } of contents.faults)
      note(io, l10n.t('Damaged: {0}', entry ? `${entry}: ${what}` : what));
    if (values.ddl !== undefined) {
      const entry = findEntry(contents.entries, values.ddl);
      if (!entry) throw noEntry(values.ddl, artifact.path);
      const definition = entry.definition || entry.copyStatement;
      printResult(io, { entry: publicEntry(entry), definition }, definition);
    } else printResult(io, documentOf(artifact, contents), describe(artifact, contents));
    return exitCodes.done;
  },
};

function publicEntry({ id, kind, schema, name, owner, section, bytes, hasData }: Entry): object {
  return { id, kind, schema, name, owner, section, bytes, hasData };
}

function documentOf(artifact: Artifact, contents: Contents): object {
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
    metaCommands: contents.metaCommands,
    faults: contents.faults,
    manifest: artifact.manifest,
  };
}

/** Sets and rows have no contents list of their own: what the manifest says must do. */
function membersOnly({ path, recognised, manifest, createdAt, bytes, source }: Artifact): object {
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

function describeMembers(artifact: Artifact): string {
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

function describe(artifact: Artifact, contents: Contents): string {
  const { format, archiveVersion, compression, source, entries, metaCommands } = contents;
  const version = archiveVersion ? `${archiveVersion.join('.')}, ` : '';
  const lines = [
    head(
      artifact,
      `${format} (${version}${compression})`,
      source.toolVersion && `pg_dump ${source.toolVersion}`,
    ),
    '',
    table(
      [
        ['id', 'section', 'kind', 'name', 'owner', 'bytes'],
        ...entries.map(({ id, section, kind, schema, name, owner, bytes, hasData }) => [
          String(id),
          section,
          kind,
          printable(schema ? `${schema}.${name}` : name),
          printable(owner ?? ''),
          hasData ? bytesText(bytes) : '',
        ]),
      ],
      [0, 5],
    ),
  ];
  const strange = metaCommands.filter(({ own }) => !own);
  if (strange.length)
    lines.push(
      '',
      l10n.t('psql commands in this script:'),
      ...strange.map(({ line, text }) => `  ${line}: ${printable(text)}`),
    );
  return lines.join('\n');
}

/** By id, else by `schema.name` or name; of several the first that has a definition. */
function findEntry(entries: Entry[], wanted: string): Entry | undefined {
  if (/^\d+$/.test(wanted)) {
    const byId = entries.find(({ id }) => id === Number(wanted));
    if (byId) return byId;
  }
  const named = entries.filter(({ schema, name }) => `${schema ?? ''}.${name}` === wanted || name === wanted);
  return named.find(({ definition }) => definition !== '') ?? named[0];
}

function noEntry(wanted: string, path: string): RestorePointError {
  return new RestorePointError({
    code: 'artifact.noEntry',
    what: l10n.t('There is no entry "{0}" in {1}.', wanted, path),
    why: l10n.t('Neither an id nor a name in its contents fits.'),
    next: l10n.t('See the contents with restore-point inspect.'),
  });
}
