import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { inspectArtifact, verify, type Artifact } from '../../engine/artifacts';
import { RestorePointError } from '../../engine/errors';
import { common, oneOf, parse, UsageError } from '../args';
import { exitCodes, type Verb } from '../io';
import { durationText, printable, printResult } from '../output';
import { progressLine } from '../progress';

const usage = `restore-point verify: is this backup whole?

Usage: restore-point verify ARTIFACT [--level checksum|contents|rehearsal] [--json]

  --level checksum   every file against the manifest's size and SHA-256; needs a manifest of ours
  --level contents   that, and everything decoded to its last byte with all rows counted (default)
  --level rehearsal  a real restore into a database made for it on --into CONNECTION, dropped again: rows against the
                     backup, every index (amcheck where it is installed), and your own checks
  --in-cluster       instead of --into: into a throwaway cluster, made and removed by this machine's own server programs;
                     backups of several databases, too
  --check SQL        for a rehearsal; may be repeated. Fine when it gives no rows, or a single true
  --json             {"artifact", "level", "ok", "tables": [{schema, name, rows}],
                     "faults": [{what, entry, offset}], "durationMs"}; of a rehearsal also "restoreMs" (until the
                     database could be used), "databaseBytes", "serverVersion", "checks", "messages"

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
        verbose: { type: 'boolean', short: 'v' },
      },
    });
    const level = oneOf('level', values.level ?? 'contents', levels);
    const [given, ...more] = positionals;
    if (given === undefined || more.length) throw new UsageError(l10n.t('verify takes one artifact.'));
    const path = resolve(given);
    const artifact = await openArtifact(path);
    if (level === 'rehearsal') {
      // It needs the server's protocol and planning, which the other levels do not load.
      const { rehearse } = await import('../rehearse');
      const { document, ok, rows } = await rehearse(io, path, values);
      printResult(io, document, describe(artifact, document, rows));
      return ok ? exitCodes.done : exitCodes.failed;
    }
    const progress = progressLine(io);
    try {
      const {
        ok,
        tables,
        faults = [],
        rows,
        durationMs = 0,
      } = await verify(path, level, {
        signal: io.signal,
        onProgress: (fraction) => progress.show({ fraction, what: l10n.t('Verifying'), remainingMs: null }),
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
