import * as l10n from '@vscode/l10n';
import { quoteIdent } from '../connections';
import type { SqlStep } from '../plan';
import type { Target } from './target';

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
