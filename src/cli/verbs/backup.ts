import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { manifestPath, readManifest, type Manifest } from '../../engine/artifacts';
import {
  planBackup,
  planOffline,
  PresetStore,
  previewRows,
  type BackupRequest,
  type CopyRequest,
  type PlanContext,
} from '../../engine/backup';
import type { Secrets } from '../../engine/connections/types';
import { home } from '../../engine/home';
import type { JobResult } from '../../engine/jobs';
import type { Plan, Relation } from '../../engine/plan';
import { fallenBy, parse, UsageError, wholeNumber } from '../args';
import { allOptions } from '../backup/options';
import { requestOf, type Values } from '../backup/request';
import { usage } from '../backup/usage';
import { refuseBlocked, showDryRun } from '../before';
import { buildsFor } from '../builds';
import { exitCodes, type ExitCode, type Io, type Verb } from '../io';
import { runHere } from '../job';
import { bytesText, durationText, note, printable, printResult, table } from '../output';
import { openSession } from '../session';

export const verb: Verb = {
  usage,
  async run(args, io) {
    const { values, extra } = parseBackup(args);
    const text = (key: string): string | undefined => values[key] as string | undefined;
    const where = home(io.env);
    // Wrong use is said before any server is asked; the name of the database may be the server's to tell.
    const asked = await requestOf(values, extra, '', where);
    const folder = resolve(text('to') ?? where.backups);
    if (asked.method === 'offline') {
      const builds = await buildsFor(io, values as { tools?: string[] });
      const plan = await planOffline(asked, { builds, folder, now: new Date(), signal: io.signal });
      return await carryOut(io, values, asked, plan, {});
    }
    const share = text('fallen-by');
    const judged = share === undefined ? {} : { rowsMayFall: fallenBy(share) };
    const session = await openSession(io, text('connection'), text('database'));
    try {
      const request = await requestOf(values, extra, session.access.connection.settings.database, where);
      const context: PlanContext = {
        access: session.access,
        builds: request.method === 'copy' ? [] : await buildsFor(io, values as { tools?: string[] }),
        folder,
        now: new Date(),
        signal: io.signal,
        ...judged,
      };
      if (text('preview') !== undefined && request.method === 'copy')
        return await showPreview(io, request, context, wholeNumber('preview', text('preview')!, 1));
      const plan = await planBackup(request, context);
      return await carryOut(io, values, request, plan, session.secrets);
    } finally {
      await session.access.close();
    }
  },
};

async function carryOut(
  io: Io,
  values: Values,
  request: BackupRequest,
  plan: Plan,
  secrets: Secrets,
): Promise<ExitCode> {
  if (values['dry-run']) {
    showDryRun(io, plan);
    return exitCodes.done;
  }
  refuseBlocked(plan, 'backup.blocked');
  for (const warning of plan.warnings) note(io, l10n.t('Note: {0}', printable(warning.text)));
  const result = await runHere(io, plan, secrets, { verbose: values.verbose === true });
  if (!plan.artifact) {
    printResult(io, { artifact: null, ...plan.facts, ...result }, printable(plan.title));
    return exitCodes.done;
  }
  const preset = values['save-preset'] as string | undefined;
  if (preset !== undefined) await savePreset(io, preset, request);
  const suspicious = await report(io, plan, result);
  return suspicious && values['fail-on-suspicious'] ? exitCodes.different : exitCodes.done;
}

/** Our words before `--`, the tool's own after it. */
function parseBackup(args: string[]): { values: Values; extra: string[] } {
  const at = args.indexOf('--');
  const { values } = parse({ args: at < 0 ? args : args.slice(0, at), options: allOptions() });
  const result = values as Values;
  if (result.file !== undefined && result.to !== undefined)
    throw new UsageError(l10n.t('--file names the file, --to the folder: take one of them.'));
  return { values: result, extra: at < 0 ? [] : args.slice(at + 1) };
}

/** A backup that is made must not fail because its options could not be kept. */
async function savePreset(io: Io, name: string, request: BackupRequest): Promise<void> {
  try {
    await new PresetStore(home(io.env)).save(name, request);
  } catch (error) {
    note(io, l10n.t('The preset could not be saved: {0}', (error as Error).message));
  }
}

async function showPreview(
  io: Io,
  request: CopyRequest,
  context: PlanContext,
  limit: number,
): Promise<ExitCode> {
  const { columns, rows } = await previewRows(request, context, limit);
  const text = table([
    columns ?? [],
    ...rows.map((row) => row.map((value) => (value === null ? 'NULL' : printable(value)))),
  ]);
  printResult(io, { columns, rows }, text);
  return exitCodes.done;
}

/** Row counts are exact where the backup was read back wholly; else the server's estimate is told apart. */
async function report(io: Io, plan: Plan, result: JobResult): Promise<boolean> {
  // Where it is in the end: the planned name may have been taken meanwhile.
  const path = String(result.artifact);
  const manifest = await readManifest(path);
  if (!manifest) throw new Error(`No manifest beside ${path}.`);
  const tables = tablesOf(manifest, plan);
  const { method, format, bytes, evidence } = manifest;
  // The job's whole time; the manifest's ends where reading back begins.
  const durationMs = typeof result.durationMs === 'number' ? result.durationMs : manifest.durationMs;
  const document = {
    artifact: path,
    manifest: manifestPath(path),
    method,
    format,
    bytes,
    durationMs,
    tables,
    compression: manifest.compression,
    database: manifest.source.database,
    evidence: evidence.at(-1) ?? null,
    warnings: plan.warnings,
    suspicions: manifest.suspicions ?? [],
    ...(manifest.base ? { level: manifest.base.level, base: manifest.base } : {}),
    ...(result.wal === undefined ? {} : { wal: result.wal }),
  };
  const rows = evidence.at(-1)?.rows;
  const facts = [
    bytesText(bytes),
    durationText(durationMs),
    manifest.base
      ? baseText(manifest)
      : rows === undefined
        ? l10n.t('checksum taken')
        : l10n.t('read back: {0} rows', rows.toLocaleString('en')),
  ];
  printResult(io, document, `${printable(path)}\n  ${facts.join(' · ')}`);
  for (const { text } of document.suspicions) note(io, l10n.t('Looks wrong: {0}', printable(text)));
  return document.suspicions.some(({ mild }) => !mild);
}

/** What there is to say of a base backup in a line. */
function baseText({ base, evidence }: Manifest): string {
  const words = {
    full: l10n.t('full'),
    incremental: l10n.t('incremental'),
    differential: l10n.t('differential'),
  };
  const read = evidence.length ? l10n.t('every file read back') : l10n.t('not read back');
  return [words[base!.level], `${base!.startLsn}–${base!.stopLsn ?? '?'}`, read].join(' · ');
}

interface TableLine {
  schema: string;
  name: string;
  rows: number | null;
  estimatedRows?: number | null;
}

function tablesOf(manifest: Manifest, plan: Plan): TableLine[] {
  if (manifest.tables.length) return manifest.tables;
  const relations: Relation[] = plan.steps.flatMap((step) => ('relations' in step && step.relations) || []);
  return relations.map(({ schema, name, rows }) => ({ schema, name, rows: null, estimatedRows: rows }));
}
