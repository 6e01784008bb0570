import * as l10n from '@vscode/l10n';
import { quoteIdent, quoteLiteral } from '../connections';
import { RestorePointError } from '../errors';
import type { Step } from '../plan';
import { analyzeStep, countStep, databaseProperties, dropStep } from './afterwards';
import { checkNewDatabase, createStatement, fittingTraits, traitsOf } from './createDatabase';
import { fill } from './fill';
import type { FillRequest, PlanParts, Restoring } from './types';

/** The steps for one database: create, fill, analyze, count; dropped again on failure unless tolerant. */
export async function intoNew(
  restoring: Restoring,
  part: {
    source: FillRequest['source'];
    database: string;
    /** Index the first of these steps will have in the plan. */
    firstStep: number;
    /** The database's own owner, settings and privileges too (`--create`, sets). */
    own: boolean;
    /** Instead of the backup's. */
    tablespace?: string;
    /** Said of the database from its first moment on. */
    comment?: string;
  },
): Promise<Omit<PlanParts, 'database'>> {
  const { target, context, request } = restoring;
  const { source, database, firstStep } = part;
  const { maintenance } = target;
  checkNewDatabase(database, target);
  if (part.own && source.contents.source.database !== null && source.contents.source.database !== database)
    throw new RestorePointError({
      code: 'restore.options',
      what: l10n.t('The option --create restores under the name {0}.', source.contents.source.database),
      why: l10n.t('Settings, privileges and comment of the database are kept under its own name.'),
      next: l10n.t('Name that database, or leave out --create.'),
    });
  const traits = {
    ...traitsOf(source.contents),
    ...(part.tablespace ? { TABLESPACE: part.tablespace } : {}),
  };
  const fitting = await fittingTraits(traits, target, context);
  const filling = await fill({ restoring, source, database, inPlace: false });
  const properties = part.own ? databaseProperties(source.contents, database, maintenance) : null;
  const steps: Step[] = [
    {
      do: 'sql',
      title: l10n.t('Create the database {0}', database),
      weight: 100_000,
      connection: 'target',
      database: maintenance,
      statements: [createStatement(database, fitting.traits)],
    },
    ...(part.comment ? [commentStep(database, part.comment, maintenance)] : []),
    ...filling.steps,
    ...(properties ? [properties] : []),
    analyzeStep(database, source.bytes),
    ...(filling.countable ? [countStep(database, source.path, source.bytes, filling.tables)] : []),
  ];
  return {
    steps,
    onFailure: request.tolerant ? [] : [dropStep(database, firstStep, target)],
    destroys: [],
    wayBack: l10n.t('Drop the database {0}; nothing else is touched.', database),
    warnings: [...fitting.warnings, ...filling.warnings],
    ...(filling.checked ? { checked: filling.checked } : {}),
    ...(filling.chosen ? { chosen: filling.chosen } : {}),
    entries: filling.entries,
  };
}

/** A step of its own: as soon as the database is there, a failure takes it away again. */
function commentStep(database: string, comment: string, maintenance: string): Step {
  return {
    do: 'sql',
    title: l10n.t('Mark {0} as unfinished', database),
    weight: 0,
    connection: 'target',
    database: maintenance,
    statements: [`COMMENT ON DATABASE ${quoteIdent(database)} IS ${quoteLiteral(comment)}`],
  };
}
