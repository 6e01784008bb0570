import * as l10n from '@vscode/l10n';
import { quoteIdent } from '../connections';
import { readContents } from '../archive';
import type { SqlStep, ToolStep } from '../plan';
import { chooseForRestore } from '../tools';
import { psqlArgs } from './psqlArgs';
import type { Target } from './target';
import type { Restoring } from './types';

/**
 * Makes the roles that a backup names and the target lacks: unable to log in, without passwords, so that owners and
 * privileges have whom to belong to. They stay when the restore fails: others may use them by then.
 */
export function rolesStep(roles: string[], target: Target): SqlStep | null {
  const missing = roles.filter((name) => !target.roles.has(name));
  if (!missing.length) return null;
  return {
    do: 'sql',
    title: l10n.t('Create the roles {0}', missing.join(', ')),
    weight: 1000,
    connection: 'target',
    database: target.maintenance,
    statements: missing.map((name) => `CREATE ROLE ${quoteIdent(name)} NOLOGIN`),
    // Made by somebody else meanwhile is as good; a right that is missing shows in what needs the role.
    tolerant: true,
  };
}

/** The same from the globals kept with the backup: with attributes, settings, memberships and passwords, which no plan holds. */
export async function rolesFromStep(
  roles: string[],
  path: string,
  { target, context }: Pick<Restoring, 'target' | 'context'>,
): Promise<ToolStep | null> {
  const missing = new Set(roles.filter((name) => !target.roles.has(name)));
  if (missing.size === 0) return null;
  const { entries } = await readContents(path, { signal: context.signal });
  const known = (name: string): boolean => missing.has(name) || target.roles.has(name);
  const wanted = entries.filter(({ kind, name }) => {
    if (kind === 'ROLE') return missing.has(name);
    if (kind === 'ROLE SETTING') return [...missing].some((role) => name.startsWith(`${role} `));
    const [of, to] = kind === 'ROLE MEMBERSHIP' ? name.split(' TO ') : [];
    return of !== undefined && to !== undefined && missing.has(to) && known(of);
  });
  const { build, reasons } = chooseForRestore(context.builds, null, target.version, 'psql');
  return {
    do: 'tool',
    title: l10n.t('Create the roles {0}', [...missing].join(', ')),
    weight: 1000,
    tool: 'psql',
    ...{ build, reasons },
    args: [...psqlArgs({ stopOnError: false }), '-f', '-'],
    emit: {
      ...{ path, entries: wanted.map(({ id }) => id), before: [], after: [] },
      ...{ owners: false, tablespaces: false, unknown: [] },
    },
    connection: 'target',
    database: target.maintenance,
    dialect: 'psql',
    ...{ tolerant: true, keepGoing: true },
  };
}
