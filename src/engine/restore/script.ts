import * as l10n from '@vscode/l10n';
import type { Contents } from '../archive';
import { RestorePointError } from '../errors';
import type { ToolStep, Warning } from '../plan';
import { chooseForRestore } from '../tools';
import { psqlArgs } from './psqlArgs';
import { missingOn } from './requirements';
import { connectedDatabase, headSettings } from './scriptHead';
import { linesLeftOut } from './scriptLines';
import { tolerantAndWhole } from './tolerantAndWhole';
import type { Filling, FillRequest, Restoring, Source } from './types';

const shownCommands = 10;

/** Refuses a script with psql commands beyond pg_dump's own, unless they are allowed: `\!` runs a program here. */
export function checkMetaCommands(contents: Contents, allowed: boolean): Warning[] {
  const foreign = contents.metaCommands.filter((command) => !command.own);
  if (!foreign.length) return [];
  const lines = foreign
    .slice(0, shownCommands)
    .map((command) => l10n.t('line {0}: {1}', command.line, command.text));
  if (foreign.length > shownCommands) lines.push(l10n.t('and {0} more', foreign.length - shownCommands));
  if (allowed)
    return [
      {
        code: 'script.metaCommands',
        text: l10n.t('The script runs psql commands of its own: {0}', lines.join('; ')),
      },
    ];
  throw new RestorePointError({
    code: 'script.metaCommands',
    what: l10n.t('The script has psql commands that pg_dump does not write; it is held back.'),
    why: lines.join('\n'),
    next: l10n.t('Read them: they can run programs on this machine. Allow them only if you know the script.'),
    remedies: [{ do: 'runAnyway', with: { option: 'allowMetaCommands' } }],
  });
}

/** The database a script makes and goes to by itself (pg_dump -C); null for one that restores where it is put. */
export function ownDatabase(contents: Contents): string | null {
  for (const command of contents.metaCommands) {
    if (!/^\\c(?:onnect)?\b/.test(command.text)) continue;
    const database = connectedDatabase(command.text);
    if (database !== null) return database;
  }
  return null;
}

/** The psql step a script is run by; `stopOnError` as in psql's ON_ERROR_STOP. */
export async function psqlStep(
  restoring: Restoring,
  source: Source & { contents: Contents },
  step: {
    title: string;
    database: string;
    stopOnError: boolean;
    singleTransaction: boolean;
    /** By a choice it could be restored in part: what it holds is known whole. */
    divisible?: boolean;
  },
): Promise<{ step: ToolStep; warnings: Warning[] }> {
  const { context, target, request } = restoring;
  const { build, reasons, others } = chooseForRestore(
    context.builds,
    null,
    target.version,
    'psql',
    request.client,
  );
  const settings = await headSettings(source.path, source.contents);
  const warnings: Warning[] = [];
  const omitLines = new Set(await linesLeftOut(source.path, request.withoutLines ?? []));
  const unknown = settings.filter((s) => !target.settings.has(s.name) && !ownWords.has(s.name));
  for (const { line } of unknown) omitLines.add(line);
  if (unknown.length)
    warnings.push({
      code: 'script.settingOmitted',
      text: l10n.t(
        'Settings the server does not know are left out: {0}. They are about the restoring session only.',
        [...new Set(unknown.map((s) => s.name))].join(', '),
      ),
    });
  const encodings = settings.filter((s) => s.name === 'client_encoding');
  // What comes out of a UTF-16 file is UTF-8, whatever the script says of itself.
  const recoded = source.recognised.wrapper === 'utf16';
  if (recoded) for (const { line } of encodings) omitLines.add(line);
  if (recoded && encodings.some((s) => !/^(UTF8|UTF-8|SQL_ASCII)$/i.test(s.value)))
    warnings.push({
      code: 'script.recoded',
      text: l10n.t(
        'The file went through a program that made UTF-16 of it; texts that were not plain ASCII may have been changed on that way.',
      ),
    });
  const args = psqlArgs(step);
  if (step.singleTransaction) args.push('--single-transaction');
  if (recoded || !encodings.length) args.push('-c', "SET client_encoding = 'UTF8'");
  return {
    warnings,
    step: {
      do: 'tool',
      title: step.title,
      weight: Math.max(source.bytes, 1_000_000),
      tool: 'psql',
      build,
      reasons,
      others,
      args: [...args, '-f', '-'],
      stdin: source.path,
      ...(omitLines.size ? { omitLines: [...omitLines].sort((a, b) => a - b) } : {}),
      connection: 'target',
      database: step.database,
      dialect: 'psql',
      ...(step.divisible ? {} : { asWritten: true }),
      ...(step.stopOnError ? {} : { tolerant: true }),
      ...(request.tolerant ? { keepGoing: true } : {}),
    },
  };
}

/** `SET` forms that are no settings of pg_settings. */
const ownWords = new Set(['role', 'session_authorization', 'names', 'local', 'constraints', 'transaction']);

/** One database's SQL by psql: no psqlrc, stop at the first error unless tolerant. */
export async function fillFromScript(request: FillRequest): Promise<Filling> {
  const { restoring, source, database, inPlace } = request;
  const { options = {}, tolerant = false, allowMetaCommands = false } = restoring.request;
  const warnings = checkMetaCommands(source.contents, allowMetaCommands);
  const own = ownDatabase(source.contents);
  for (const name of Object.keys(options).filter((key) => options[key] !== false && !known.has(key)))
    throw new RestorePointError({
      code: 'restore.scriptOption',
      what: l10n.t('The option --{0} does not apply to an SQL script.', name),
      why: l10n.t(
        'psql runs a script as it was written; what to leave out, drop first or do in parallel was settled when it was made.',
      ),
      next: l10n.t('Leave the option out, or make the backup in the custom format.'),
    });
  const entries = source.contents.entries;
  const blocks = own !== null || entries.some((e) => /^BLOBS?$|^BLOB METADATA$/.test(e.kind));
  const asked = options['single-transaction'];
  if (asked && blocks)
    throw new RestorePointError({
      code: 'restore.options',
      what: l10n.t('This script cannot be run in one transaction.'),
      why:
        own === null
          ? l10n.t('It holds large objects, which it puts in transactions of its own.')
          : l10n.t('It connects to another database in the middle.'),
      next: l10n.t('Leave out the single transaction.'),
    });
  if (asked && tolerant) throw tolerantAndWhole();
  const singleTransaction = asked === undefined ? inPlace && !blocks && !tolerant : Boolean(asked);
  const planned = await psqlStep(restoring, source, {
    title: l10n.t('Restore {0}', own ?? database),
    database,
    stopOnError: !tolerant,
    singleTransaction,
    divisible: source.contents.source.toolVersion !== null,
  });
  const missing = missingOn(
    restoring.target,
    source.contents,
    {},
    new Set(restoring.request.createRoles),
    source.globals,
  );
  if (missing.length && !tolerant)
    missing.push({
      code: 'restore.willStop',
      text: l10n.t(
        'A script stops at its first error, so what is missing ends it there; a tolerant restore goes on.',
      ),
    });
  return {
    entries: entries.length,
    warnings: [...warnings, ...planned.warnings, ...missing],
    countable: !inPlace,
    steps: [planned.step],
  };
}

const known = new Set(['single-transaction', 'exit-on-error']);
