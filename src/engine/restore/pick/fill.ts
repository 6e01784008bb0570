import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import { chooseForRestore } from '../../tools';
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
  const { restoring, source, database, inPlace } = request;
  const { context, target } = restoring;
  const { options = {}, tolerant = false, createRoles } = restoring.request;
  const other = Object.keys(options).find((name) => options[name] !== false && !KNOWN.has(name));
  if (other !== undefined)
    throw new RestorePointError({
      code: 'restore.options',
      what: l10n.t('The option --{0} does not go with this choice.', other),
      why: l10n.t('What was picked or renamed is restored by a script of our own, not by pg_restore.'),
      next: l10n.t('Leave the option out; what to restore can be picked by name.'),
    });
  const { build, reasons } = chooseForRestore(context.builds, null, target.version, 'psql');
  const asked = options['single-transaction'];
  const whole = !tolerant && (asked === undefined ? inPlace : Boolean(asked));
  if (asked && tolerant) throw tolerantAndWhole();
  const { entries, named, tables, before, after, renames } = selection;
  const notes = await noted(request, selection);
  const missing = missingOn(
    target,
    { ...source.contents, entries: named },
    options,
    new Set(createRoles),
    source.globals,
  );
  return {
    ...notes,
    warnings: [...notes.warnings, ...missing],
    entries: entries.length,
    chosen: entries,
    countable: tables.length > 0 && !options['schema-only'],
    tables,
    steps: [
      {
        do: 'tool',
        title: l10n.t('Restore {0}', database),
        weight: Math.max(
          entries.reduce((sum, entry) => sum + (entry.bytes ?? 0), 0),
          1_000_000,
        ),
        tool: 'psql',
        build,
        reasons,
        args: [
          ...['-X', '-q', '-v', 'VERBOSITY=verbose', '-v', `ON_ERROR_STOP=${tolerant ? 0 : 1}`],
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
          unknown: HEAD.filter((name) => !target.settings.has(name)),
        },
        connection: 'target',
        database,
        dialect: 'psql',
        relations: relationsOf(entries),
        ...(tolerant ? { tolerant: true, keepGoing: true } : {}),
      },
    ],
  };
}
