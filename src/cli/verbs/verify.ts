import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { inspectArtifact, verify, type Artifact } from '../../engine/artifacts';
import type { RehearsalTimes } from '../../engine/artifacts/types';
import { RestorePointError } from '../../engine/errors';
import { isWalArchive } from '../../engine/physical/segments';
import { common, oneOf, parse, theOne, UsageError } from '../args';
import { buildsFor } from '../builds';
import { exitCodes, type Verb } from '../io';
import { durationText, printable, printResult } from '../output';
import { progressLine } from '../progress';

const usage = `restore-point verify: is this backup whole?

Usage: restore-point verify ARTIFACT [--level checksum|contents|rehearsal] [--json]

  --level checksum   every file against the manifest's size and SHA-256; needs a manifest of ours
  --level contents   that, and everything decoded to its last byte with all rows counted (default)
  Of a base backup: checksum is every file against its own backup_manifest, plain or tar; contents is that for its whole
                     chain, and the WAL that it needs (pg_verifybackup reads that, too, where it is there)
  Of an archive of WAL: checksum is the first page of every segment, contents every record (as wal check --deep)
  --level rehearsal  a real restore into a database made for it on --into CONNECTION, dropped again: rows against the
                     backup, every index (amcheck where it is installed), and your own checks
  --in-cluster       instead of --into: into a throwaway cluster, made and removed by this machine's own server programs;
                     backups of several databases, too
  Of a base backup it is always a throwaway cluster: restored, recovered, its pages checked (pg_checksums, where it has
  checksums), started; in every database all rows counted, tables and indexes checked by amcheck
  --wal FOLDER       recover it to the end of this WAL archive, not only to its own end
  --heapallindexed   compare indexes with their tables row by row, too
  --scratch FOLDER   where its files go meanwhile (default: the system's temporary folder)
  --check SQL        for a rehearsal; may be repeated. Fine when it gives no rows, or a single true
  --json             {"artifact", "level", "ok", "tables": [{schema, name, rows}],
                     "faults": [{what, entry, offset}], "durationMs"}; of a rehearsal also "restoreMs" (until the
                     database could be used), "databaseBytes", "serverVersion", "checks", "messages"; of a base backup
                     "times": {copyMs, recoveryMs, startMs, checksMs}

The result is kept in the backup's manifest, if it has one. Exit code 1 when a fault is found.
`;

const levels = ['checksum', 'contents', 'rehearsal'] as const;

export const verb: Verb = {
  usage,
  async run(args, io) {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: {
        ...common,
        tools: { type: 'string', multiple: true },
        'tool-prefix': { type: 'string' },
        level: { type: 'string' },
        into: { type: 'string' },
        'in-cluster': { type: 'boolean' },
        check: { type: 'string', multiple: true },
        wal: { type: 'string' },
        heapallindexed: { type: 'boolean' },
        scratch: { type: 'string' },
        verbose: { type: 'boolean', short: 'v' },
      },
    });
    const level = oneOf('level', values.level ?? 'contents', levels);
    const given = theOne(positionals, l10n.t('verify takes one artifact.'));
    const path = resolve(given);
    if (await isWalArchive(path)) {
      if (level === 'rehearsal')
        throw new UsageError(
          l10n.t(
            'An archive of WAL is rehearsed with a base backup: verify BACKUP --level rehearsal --wal FOLDER.',
          ),
        );
      return await (await import('../wal/check')).checkArchive(path, io, level === 'contents');
    }
    const artifact = await openArtifact(path);
    if (level === 'rehearsal') {
      // It needs the server's protocol and planning, which the other levels do not load.
      const { rehearse, rehearseBase } = await import('../rehearse');
      const isBase = artifact.recognised.kind === 'basebackup';
      const { document, ok, rows } = await (isBase ? rehearseBase : rehearse)(io, path, values);
      const times = document.times ? [timesText(document.times)] : [];
      printResult(io, document, [describe(artifact, document, rows), ...times].join('\n  '));
      return ok ? exitCodes.done : exitCodes.failed;
    }
    const progress = progressLine(io);
    const onProgress = (fraction: number): void =>
      progress.show({ fraction, what: l10n.t('Verifying'), remainingMs: null });
    try {
      if (artifact.recognised.kind === 'basebackup') {
        const { verifyBaseBackup } = await import('../../engine/physical');
        const builds = level === 'contents' ? await buildsFor(io, values) : [];
        const found = await verifyBaseBackup(path, level, { signal: io.signal, onProgress, builds });
        progress.end();
        const { ok, faults = [], durationMs = 0, files, bytes, wal, chain, tools } = found;
        const result = {
          artifact: path,
          level,
          ok,
          tables: [],
          faults,
          durationMs,
          files,
          bytes,
          wal,
          chain,
          tools,
        };
        printResult(io, result, describeBase(artifact, result));
        return ok ? exitCodes.done : exitCodes.failed;
      }
      const {
        ok,
        tables,
        faults = [],
        rows,
        durationMs = 0,
      } = await verify(path, level, {
        signal: io.signal,
        onProgress,
      });
      progress.end();
      const result = { artifact: path, level, ok, tables, faults, durationMs };
      printResult(io, result, describe(artifact, result, rows));
      return ok ? exitCodes.done : exitCodes.failed;
    } finally {
      progress.end();
    }
  },
};

/** Where the time of a base backup's rehearsal went; the first three are what a restore takes. */
function timesText({ copyMs, recoveryMs, startMs, checksMs }: RehearsalTimes): string {
  return [
    l10n.t('restored in {0}', durationText(copyMs + recoveryMs + startMs)),
    l10n.t('files {0}', durationText(copyMs)),
    l10n.t('recovery {0}', durationText(recoveryMs)),
    l10n.t('start {0}', durationText(startMs)),
    l10n.t('checks {0}', durationText(checksMs)),
  ].join(' · ');
}

function describeBase(
  artifact: Artifact,
  outcome: Outcome & { files: number; chain: string[]; wal: string[] },
): string {
  if (!outcome.ok) return describe(artifact, outcome);
  const { level, files, chain, wal, durationMs } = outcome;
  return [
    printable(artifact.path),
    l10n.t('{0} files are what the server sent', files.toLocaleString('en')),
    ...(level === 'contents'
      ? [l10n.t('{0} backups of its chain are whole, {1} WAL segments are there', chain.length, wal.length)]
      : []),
    durationText(durationMs),
  ].join('\n  ');
}

/** An artifact at a path; throws `artifact.notFound`, and `artifact.unknown` for what is no backup. */
export async function openArtifact(path: string): Promise<Artifact> {
  let artifact: Artifact;
  try {
    artifact = await inspectArtifact(path);
  } catch (error) {
    throw new RestorePointError(
      {
        code: 'artifact.notFound',
        what: l10n.t('The backup "{0}" cannot be opened.', path),
        why: (error as Error).message,
        next: l10n.t('Check the path, or see restore-point list.'),
      },
      { cause: error },
    );
  }
  if (artifact.recognised.kind !== 'unknown') return artifact;
  throw new RestorePointError({
    code: 'artifact.unknown',
    what: l10n.t('"{0}" is no backup.', path),
    why: artifact.recognised.reason ?? l10n.t('Its content is that of no dump.'),
    next: l10n.t('Check the path, or see restore-point list.'),
  });
}

interface Outcome {
  level: (typeof levels)[number];
  ok: boolean;
  faults: { what: string; entry: string | null; offset: number | null }[];
  durationMs: number;
}

function describe({ path }: Artifact, { level, ok, faults, durationMs }: Outcome, rows?: number): string {
  const how = {
    contents: l10n.t('decoded to the last byte'),
    rehearsal: l10n.t('restored and checked'),
    checksum: l10n.t('checksums agree'),
  }[level];
  if (ok)
    return [
      printable(path),
      rows === undefined ? how : l10n.t('{0}, {1} rows', how, rows.toLocaleString('en')),
      durationText(durationMs),
    ].join('\n  ');
  return [
    level === 'rehearsal'
      ? l10n.t('{0} did not pass the rehearsal:', printable(path))
      : l10n.t('{0} is damaged:', printable(path)),
    ...faults.map(({ what, entry, offset }) =>
      [entry && printable(entry), printable(what), offset === null ? '' : l10n.t('at byte {0}', offset)]
        .filter(Boolean)
        .join(': '),
    ),
  ].join('\n  ');
}
