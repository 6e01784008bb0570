import * as l10n from '@vscode/l10n';
import { quoteIdent } from '../connections';
import { RestorePointError } from '../errors';
import { few } from './few';
import { formatBytes } from '../format';
import type { Step, Warning } from '../plan';
import { analyzeStep, countStep } from './afterwards';
import { fill, isTakenWhole } from './fill';
import { safetyCopy } from './safety';
import { ownDatabase } from './script';
import { tableSizes } from './sizes';
import type { FillRequest, PlanParts, Restoring } from './types';

/** The steps for one existing database. */
export async function intoExisting(
  restoring: Restoring,
  source: FillRequest['source'],
  database: string,
): Promise<Omit<PlanParts, 'database'>> {
  const { target, request } = restoring;
  const there = target.databases.get(database);
  if (!there)
    throw new RestorePointError({
      code: 'restore.noDatabase',
      what: l10n.t('There is no database {0} on the target.', database),
      why: l10n.t('The strategy is to restore in place, into a database that exists.'),
      next: l10n.t('Choose another database, or restore into a new one.'),
      remedies: [{ do: 'chooseDatabase', with: { database } }],
      sqlState: '3D000',
    });
  const isOwn = source.recognised.kind === 'script' && isTakenWhole({ request, source });
  const own = isOwn ? ownDatabase(source.contents) : null;
  if (own !== null)
    throw new RestorePointError({
      code: 'script.otherDatabase',
      what: l10n.t('The script makes the database {0} by itself; it cannot be restored in place.', own),
      why: l10n.t('It was made with --create: CREATE DATABASE comes before its objects.'),
      next: l10n.t('Restore it as a new database under the name {0}.', own),
      remedies: [{ do: 'chooseDatabase', with: { database: own } }],
    });
  const filling = await fill({ restoring, source, database, inPlace: true });
  const isArchive = source.recognised.kind === 'archive';
  const dataOnly = Boolean(request.options?.['data-only']);
  const drops = isArchive && !dataOnly && request.options?.clean !== false;
  const { destroys, warnings } = filling.destroys
    ? { destroys: filling.destroys, warnings: [] }
    : await whatIsLost(restoring, source, database, { drops, isArchive });
  if (there.sessions)
    warnings.push({
      code: 'target.sessions',
      text: l10n.t(
        '{0} sessions are connected to {1}: the restore waits for what they hold, and they wait for the restore.',
        there.sessions,
        database,
      ),
    });
  const safety = await safetyCopy(restoring, database, there);
  const steps: Step[] = [
    ...safety.steps,
    ...filling.steps,
    analyzeStep(database, source.bytes),
    ...(filling.countable && (drops || filling.tables)
      ? [countStep(database, source.path, source.bytes, filling.tables)]
      : []),
  ];
  const tool = filling.steps.find((step) => step.do === 'tool');
  const whole = tool?.args.includes('--single-transaction') ?? false;
  const goesOn = request.resume !== undefined && !request.resume.replace;
  return {
    steps,
    onFailure: [],
    destroys,
    ...(whole ? { ifItFails: l10n.t('{0} is as it was.', database) } : {}),
    ...(filling.chosen ? { chosen: filling.chosen } : {}),
    checked: [...(filling.checked ?? []), ...(safety.checked ?? [])],
    ...(safety.dump ? { safety: safety.dump } : {}),
    facts: { safety: safety.how },
    wayBack: goesOn ? addsOnly(database, whole) : wayBackOf(database, whole, safety.wayBack),
    warnings: [...filling.warnings, ...warnings, ...safety.warnings],
    entries: filling.entries,
  };
}

function wayBackOf(database: string, whole: boolean, kept: string | undefined): string {
  const failing = whole ? l10n.t('A failure or a cancel leaves {0} as it was.', database) : '';
  if (kept) return [failing, kept].filter(Boolean).join(' ');
  return whole
    ? `${failing} ${l10n.t('Once done, only another backup brings back what was there.')}`
    : l10n.t('None: only another backup brings back what was there. Back up {0} first.', database);
}

function addsOnly(database: string, whole: boolean): string {
  const kept = l10n.t(
    'Not needed: what is in {0} stays as it is, and what is missing comes to it.',
    database,
  );
  return whole ? `${l10n.t('A failure or a cancel leaves {0} as it was.', database)} ${kept}` : kept;
}

/** Sentences about the tables that lose rows, asked of the target. */
async function whatIsLost(
  restoring: Restoring,
  source: FillRequest['source'],
  database: string,
  how: { drops: boolean; isArchive: boolean },
): Promise<{ destroys: string[]; warnings: Warning[] }> {
  const ours = new Set(
    source.contents.entries
      .filter((e) => e.kind === 'TABLE')
      .map((e) => `${quoteIdent(e.schema ?? '')}.${quoteIdent(e.name)}`),
  );
  const tables = await tableSizes(restoring.context.access, database, restoring.context.signal);
  const both = tables.filter((table) => ours.has(`${quoteIdent(table.schema)}.${quoteIdent(table.name)}`));
  const size = formatBytes(both.reduce((sum, table) => sum + table.bytes, 0));
  const shown = few(both.map((table) => table.written));
  if (!both.length) {
    const text = l10n.t(
      'Objects of the same name in {0} are dropped and made again as the backup has them.',
      database,
    );
    return { destroys: how.drops ? [text] : [], warnings: [] };
  }
  if (how.drops)
    return {
      destroys: [
        l10n.t(
          '{0} tables of {1} ({2} with their indexes) are dropped with all their rows and made again as the backup has them: {3}.',
          both.length,
          database,
          size,
          shown,
        ),
        l10n.t('Views, functions and other objects of the same names are dropped and made again too.'),
      ],
      warnings: [],
    };
  return {
    destroys: [],
    warnings: [
      {
        code: 'restore.rowsAdded',
        text: how.isArchive
          ? l10n.t(
              'Rows are added to {0} tables that exist: {1}. Rows with the same key fail.',
              both.length,
              shown,
            )
          : l10n.t(
              '{0} tables of the script exist already: {1}. The script fails there unless it drops them itself.',
              both.length,
              shown,
            ),
      },
    ],
  };
}
