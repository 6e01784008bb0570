import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { listArtifacts, type Artifact } from '../../engine/artifacts';
import { home } from '../../engine/home';
import { isWalArchive } from '../../engine/physical/segments';
import { common, parse } from '../args';
import { evidenceText } from '../evidence';
import { exitCodes, type Io, type Verb } from '../io';
import { bytesText, note, printable, printResult, table } from '../output';

const usage = `restore-point list: the backups in folders, newest first

Usage: restore-point list [FOLDER…] [--database NAME] [--json]

Without a folder: where backups go when none is named (~/restore-point, or RESTORE_POINT_HOME/backups).
Dumps of other programs are recognised by their content and listed too. Half-written files of jobs that
are gone are never listed as backups; with --json they are under "partials".

  --database NAME   only backups of this database
  --json            {"artifacts": [{path, kind, format, method, source: {connection, server, database},
                    createdAt, bytes, evidence: {level, ok, at, rows} | null, notes}], "partials": [{path, bytes}],
                    "walArchives": [{path, systemIdentifier, major, segments, bytes, timelines, gaps}]}
                    (those among the folders that were named; timelines and gaps are numbers of them)

kind: archive (pg_restore reads it), script, clusterScript (pg_dumpall's), set, rows, broken
`;

export const verb: Verb = {
  usage,
  async run(args, io) {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: { ...common, database: { type: 'string' } },
    });
    const folders = positionals.length
      ? positionals.map((folder) => resolve(folder))
      : [home(io.env).backups];
    const found = (await listArtifacts(folders, { signal: io.signal })).filter(
      ({ source }) => values.database === undefined || source.database === values.database,
    );
    const artifacts = found.filter(({ partial }) => !partial);
    const partials = found.filter(({ partial }) => partial);
    const walArchives = await archivesAmong(folders, io);
    printResult(
      io,
      {
        artifacts: artifacts.map(entry),
        partials: partials.map(({ path, bytes }) => ({ path, bytes })),
        walArchives,
      },
      [table(artifacts.map(line), [2]), ...walArchives.map(archiveLine)].filter(Boolean).join('\n'),
    );
    if (!artifacts.length && !walArchives.length && !io.json)
      note(io, l10n.t('No backups in {0}.', folders.join(', ')));
    for (const { path } of partials) note(io, l10n.t('Half-written, may be deleted: {0}', printable(path)));
    return exitCodes.done;
  },
};

interface ListedArchive {
  path: string;
  systemIdentifier: string | null;
  major: number | null;
  segments: number;
  bytes: number;
  timelines: number;
  gaps: number;
}

/** The archives of WAL among folders. */
async function archivesAmong(folders: string[], { signal }: Io): Promise<ListedArchive[]> {
  const found: ListedArchive[] = [];
  for (const path of folders) {
    if (!(await isWalArchive(path))) continue;
    const { readWalArchive, WalFolder } = await import('../../engine/physical');
    const archive = await readWalArchive(new WalFolder(path), { signal });
    const { systemIdentifier, major, segments, bytes, timelines, gaps } = archive;
    found.push({
      ...{ path, systemIdentifier, major, segments, bytes },
      ...{ timelines: timelines.length, gaps: gaps.length },
    });
  }
  return found;
}

function archiveLine({ path, segments, bytes, gaps }: ListedArchive): string {
  return l10n.t('WAL: {0} segments, {1}, {2} gaps  {3}', segments, bytesText(bytes), gaps, printable(path));
}

function entry({ path, recognised, manifest, source, createdAt, bytes, evidence }: Artifact): object {
  return {
    path,
    kind: recognised.kind,
    format: recognised.format,
    method: manifest?.method ?? null,
    source,
    createdAt,
    bytes,
    evidence: evidence && {
      level: evidence.level,
      ok: evidence.ok,
      at: evidence.at,
      ...(evidence.rows === undefined ? {} : { rows: evidence.rows }),
    },
    notes: manifest?.notes ?? '',
  };
}

function line({ path, recognised, source, createdAt, bytes, evidence }: Artifact): string[] {
  const database = source.database === '*' ? l10n.t('whole server') : (source.database ?? '–');
  const of = source.connection ? `${database} @ ${source.connection}` : database;
  return [
    createdAt.slice(0, 16).replace('T', ' '),
    recognised.format ?? recognised.kind,
    bytesText(bytes),
    printable(of),
    recognised.kind === 'broken' ? l10n.t('CANNOT BE READ') : evidenceText(evidence),
    printable(path),
  ];
}
