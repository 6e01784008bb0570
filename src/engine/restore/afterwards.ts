import * as l10n from '@vscode/l10n';
import type { Contents } from '../archive';
import { quoteIdent } from '../connections';
import type { CountRestoredStep, RestoredTable, SqlStep } from '../plan';
import type { Target } from './target';

/** Statistics for the planner: pg_restore and psql bring none that an older or equal server would have kept. */
export function analyzeStep(database: string, bytes: number): SqlStep {
  return {
    do: 'sql',
    title: l10n.t('Analyze {0}', database),
    weight: bytes / 20,
    connection: 'target',
    database,
    statements: ['ANALYZE'],
    tolerant: true,
  };
}

export function countStep(
  database: string,
  archive: string,
  bytes: number,
  tables?: RestoredTable[],
): CountRestoredStep {
  return {
    do: 'countRestored',
    title: l10n.t('Count the rows of {0}', database),
    weight: bytes / 10,
    connection: 'target',
    database,
    archive,
    ...(tables ? { tables } : {}),
  };
}

/** Takes a database away that this plan made; `made` is the index of the step that made it. */
export function dropStep(database: string, made: number, target: Target): SqlStep {
  return {
    do: 'sql',
    title: l10n.t('Drop the unfinished {0}', database),
    weight: 0,
    connection: 'target',
    database: target.maintenance,
    // A session of the interrupted tool may linger for a moment; older servers have no word for that.
    statements: [
      `DROP DATABASE IF EXISTS ${quoteIdent(database)}${target.version.major < 13 ? '' : ' WITH (FORCE)'}`,
    ],
    tolerant: true,
    onlyAfter: made,
  };
}

/**
 * Owner, settings, privileges and comment of the database itself, which an archive keeps in entries that
 * only `pg_restore --create` uses. They name the database, so they fit only under its own name.
 */
export function databaseProperties(
  contents: Contents,
  database: string,
  maintenance: string,
): SqlStep | null {
  const statements: string[] = [];
  for (const entry of contents.entries) {
    if (entry.kind === 'DATABASE' && entry.owner)
      statements.push(`ALTER DATABASE ${quoteIdent(database)} OWNER TO ${quoteIdent(entry.owner)}`);
    if (
      entry.kind === 'DATABASE PROPERTIES' ||
      (/^(ACL|COMMENT)$/.test(entry.kind) && /^DATABASE /.test(entry.name))
    )
      statements.push(entry.definition);
  }
  if (!statements.length) return null;
  return {
    do: 'sql',
    title: l10n.t('Set what belongs to the database {0} itself', database),
    weight: 0,
    connection: 'target',
    database: maintenance,
    statements,
    tolerant: true,
  };
}
