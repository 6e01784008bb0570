import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import type { SqlStep, ToolStep } from '../../plan';
import { chooseForRestore } from '../../tools';
import { psqlArgs } from '../psqlArgs';
import { missingOn } from '../requirements';
import { tableSizes } from '../sizes';
import { tolerantAndWhole } from '../tolerantAndWhole';
import type { Filling, FillRequest } from '../types';
import { checkedOf, destroysOf, warningsOf } from './notes';
import { relationsOf } from '../relations';
import type { Selection } from './select';

/** Options that say what a script of ours has in it. */
const KNOWN = new Set([
  'no-owner',
  'no-privileges',
  'no-acl',
  'no-comments',
  'no-tablespaces',
  'no-security-labels',
  'no-publications',
  'no-subscriptions',
  'schema-only',
  'data-only',
  'section',
  'single-transaction',
  'exit-on-error',
]);

/** Settings of the head of a script that servers know since some release. */
const HEAD = [
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'row_security',
  'xmloption',
];

/** What a selection adds to how its entries are restored. */
export async function noted({ restoring, database, inPlace }: FillRequest, selection: Selection) {
  const { request, context } = restoring;
  const sizes =
    inPlace && selection.replacing ? await tableSizes(context.access, database, context.signal) : [];
  return {
    warnings: warningsOf(request, selection, database),
    checked: checkedOf(selection),
    destroys: destroysOf(selection, sizes, database),
  };
}

/** A selection as a script of our own, by psql: in one transaction where something is there already. */
export async function fillBySelection(request: FillRequest, selection: Selection): Promise<Filling> {
  const { restoring, database, inPlace } = request;
  const { options = {}, tolerant = false } = restoring.request;
  const other = Object.keys(options).find((name) => options[name] !== false && !KNOWN.has(name));
  if (other !== undefined)
    throw new RestorePointError({
      code: 'restore.options',
      what: l10n.t('The option --{0} does not go with this choice.', other),
      why: l10n.t('What was picked or renamed is restored by a script of our own, not by pg_restore.'),
      next: l10n.t('Leave the option out; what to restore can be picked by name.'),
    });
  const asked = options['single-transaction'];
  if (asked && tolerant) throw tolerantAndWhole();
  const whole = !tolerant && (asked === undefined ? inPlace : Boolean(asked));
  const { entries, tables } = selection;
  const step = psqlStep(request, selection, { title: l10n.t('Restore {0}', database), whole, tolerant });
  return {
    ...(await nothing(request, selection)),
    entries: entries.length,
    chosen: entries,
    countable: tables.length > 0 && !options['schema-only'],
    tables,
    steps: [step],
  };
}

/** Where only owners, privileges and comments are to be set again. */
export async function fillNothing(request: FillRequest, selection: Selection): Promise<Filling> {
  return { ...(await nothing(request, selection)), entries: 0, countable: false, steps: [] };
}

async function nothing(request: FillRequest, selection: Selection) {
  const { target, request: asked } = request.restoring;
  const { contents, globals } = request.source;
  const notes = await noted(request, selection);
  const needing = [...selection.named, ...selection.mended];
  const given = new Set(asked.createRoles);
  const missing = missingOn(target, { ...contents, entries: needing }, asked.options, given, globals);
  return { ...notes, warnings: [...notes.warnings, ...missing] };
}

/** Takes away what pg_restore makes again after the rows. */
export function beforeStep({ database }: FillRequest, { before }: Selection): SqlStep | null {
  if (!before.length) return null;
  return {
    do: 'sql',
    title: l10n.t('Make way for the rows'),
    weight: 0,
    connection: 'target',
    database,
    statements: before,
    tolerant: true,
  };
}

/** Sets the owners of what is there. One that cannot be set is told, and keeps none of the others. */
export function mendStep(request: FillRequest, { mends }: Selection): ToolStep {
  const title = l10n.t('Set owners in {0} again', request.database);
  const none = { entries: [], before: [], after: mends, renames: null };
  return psqlStep(request, none, { title, whole: false, tolerant: true });
}

function psqlStep(
  { restoring, source, database }: FillRequest,
  { entries, before, after, renames }: Pick<Selection, 'entries' | 'before' | 'after' | 'renames'>,
  { title, whole, tolerant }: { title: string; whole: boolean; tolerant: boolean },
): ToolStep {
  const { context, target, request } = restoring;
  const { options = {}, client, withoutSettings } = request;
  const choice = chooseForRestore(context.builds, null, target.version, 'psql', client);
  return {
    do: 'tool',
    title,
    weight: Math.max(
      entries.reduce((sum, entry) => sum + (entry.bytes ?? 0), 0),
      1_000_000,
    ),
    tool: 'psql',
    build: choice.build,
    reasons: choice.reasons,
    others: choice.others,
    args: [
      ...psqlArgs({ stopOnError: !tolerant }),
      ...(whole ? ['--single-transaction'] : []),
      ...['-f', '-'],
    ],
    emit: {
      path: source.path,
      entries: entries.map(({ id }) => id),
      ...(renames ? { renames } : {}),
      ...{ before, after },
      owners: !options['no-owner'],
      tablespaces: !options['no-tablespaces'],
      ...(withoutSettings?.length ? { withoutSettings } : {}),
      unknown: HEAD.filter((name) => !target.settings.has(name)),
    },
    connection: 'target',
    database,
    dialect: 'psql',
    relations: relationsOf(entries),
    ...(tolerant ? { tolerant: true, keepGoing: true } : {}),
  };
}
