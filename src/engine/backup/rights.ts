import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import type { Warning } from '../plan';
import { exactPattern } from './patterns';
import type { Selection } from './selection';
import type { Source, SourceRelation } from './source';
import type { Answers } from './types';

/** One right the dump will need and the reading role has not. */
export interface MissingRight {
  /** `TABLE public.orders`, `SCHEMA audit`: as contents lists name entries. */
  entry: string;
  right: 'SELECT' | 'USAGE';
  /** The statement that gives it. */
  grant: string;
}

/** pg_dump would find these one at a time, each after the lock queue; the catalog tells them all at once. */
export function missingRights(source: Source, selection: Selection): MissingRight[] {
  const role = exactPattern(source.reader);
  const found: MissingRight[] = [];
  const data = new Set(selection.data);
  const schemas = new Set<string>();
  for (const relation of selection.defined) {
    // Locked are tables; read are tables and sequences. Views, and foreign tables' rows, are not.
    const touched = relation.kind === 'r' || relation.kind === 'p' || data.has(relation);
    if (!touched) continue;
    if (!relation.schemaUsage && !schemas.has(relation.schema)) {
      schemas.add(relation.schema);
      found.push({
        entry: `SCHEMA ${relation.schema}`,
        right: 'USAGE',
        grant: `GRANT USAGE ON SCHEMA ${exactPattern(relation.schema)} TO ${role};`,
      });
    }
    if (!relation.select) found.push(missingSelect(relation, role));
  }
  if (selection.largeObjects)
    for (const oid of source.hiddenLargeObjects)
      found.push({
        entry: `LARGE OBJECT ${oid}`,
        right: 'SELECT',
        grant: `GRANT SELECT ON LARGE OBJECT ${oid} TO ${role};`,
      });
  return found;
}

function missingSelect(relation: SourceRelation, role: string): MissingRight {
  const kind = relation.kind === 'S' ? 'SEQUENCE' : 'TABLE';
  return {
    entry: `${kind} ${relation.schema}.${relation.name}`,
    right: 'SELECT',
    grant: `GRANT SELECT ON ${kind} ${exactPattern(relation.schema, relation.name)} TO ${role};`,
  };
}

/** How many entries a message names before it counts the rest. */
const namedAtMost = 10;

function named(entries: string[]): string {
  const shown = entries.slice(0, namedAtMost).join(', ');
  return entries.length > namedAtMost
    ? l10n.t('{0} and {1} more', shown, entries.length - namedAtMost)
    : shown;
}

/**
 * Refuses (`backup.rights`, `backup.rowSecurity`) what the tool would refuse later; with `goOn` the same
 * words come back as warnings.
 */
export function checkRights(
  source: Source,
  selection: Selection,
  options: Answers,
  goOn: boolean,
): Warning[] {
  const problems: RestorePointError[] = [];
  // What a filter file lets through is known to the tool only.
  if (options.filter !== undefined) return [];
  const missing = missingRights(source, selection);
  if (missing.length)
    problems.push(
      new RestorePointError({
        code: 'backup.rights',
        what: l10n.t('Role {0} may not read everything this backup needs.', source.reader),
        why: l10n.t(
          'Missing: {0}.',
          named(missing.map(({ entry, right }) => l10n.t('{0} on {1}', right, entry))),
        ),
        next: l10n.t(
          'Have it granted, or leave those entries out: {0}',
          missing
            .slice(0, namedAtMost)
            .map(({ grant }) => grant)
            .join(' '),
        ),
        remedies: [{ do: 'editConnection' }, { do: 'runAnyway' }],
        sqlState: '42501',
      }),
    );
  const hidden = selection.data.filter(({ rowSecurity }) => rowSecurity);
  if (hidden.length && !options['enable-row-security'])
    problems.push(
      new RestorePointError({
        code: 'backup.rowSecurity',
        what: l10n.t('Row security policies hide rows from role {0}.', source.reader),
        why: l10n.t(
          'A full backup of these is refused by the server: {0}.',
          named(hidden.map(({ schema, name }) => `TABLE ${schema}.${name}`)),
        ),
        next: l10n.t(
          'Back up as the owner or a role with BYPASSRLS, or take only the visible rows with --enable-row-security.',
        ),
        remedies: [{ do: 'editConnection' }, { do: 'runAnyway' }],
      }),
    );
  if (problems[0] && !goOn) throw problems[0];
  const warnings: Warning[] = problems.map(({ code, what, why }) => ({ code, text: `${what} ${why}` }));
  if (hidden.length && options['enable-row-security'])
    warnings.push({
      code: 'backup.rowSecurity',
      text: l10n.t(
        'Only the rows that policies show to role {0} are kept of: {1}.',
        source.reader,
        named(hidden.map(({ schema, name }) => `${schema}.${name}`)),
      ),
    });
  return warnings;
}

/** Rows that will not be there although nobody asked to leave them out. */
export function dataWarnings(source: Source, selection: Selection): Warning[] {
  const warnings: Warning[] = [];
  const unlogged = selection.defined.filter((relation) => relation.unlogged && relation.kind === 'r');
  if (source.inRecovery && unlogged.length)
    warnings.push({
      code: 'backup.unlogged',
      text: l10n.t(
        'This server is a standby: it does not have the rows of unlogged tables, so they are not kept: {0}.',
        named(unlogged.map(({ schema, name }) => `${schema}.${name}`)),
      ),
    });
  else if (unlogged.length && selection.data.some((relation) => relation.unlogged))
    warnings.push({
      code: 'backup.unlogged',
      text: l10n.t(
        'Rows of unlogged tables are kept as they are now; a crash of the server empties them: {0}.',
        named(unlogged.map(({ schema, name }) => `${schema}.${name}`)),
      ),
    });
  return warnings;
}
