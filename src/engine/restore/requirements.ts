import * as l10n from '@vscode/l10n';
import type { Contents, Entry } from '../archive';
import type { Warning } from '../plan';
import { few } from './few';
import {
  createRoles,
  mapOwners,
  rolesFromGlobals,
  withoutExtensions,
  withoutOwners,
  withoutTablespaces,
} from './fixes';
import type { Target } from './target';
import type { RestoreOptions } from './types';

/** Roles, extensions and tablespaces a backup asks for. */
export interface Needs {
  roles: Set<string>;
  extensions: Set<string>;
  tablespaces: Set<string>;
}

/** Pseudo-roles of GRANT. */
const noRoles = new Set(['public', 'current_user', 'session_user', 'current_role']);

/** Role names in `GRANT … TO x`, `REVOKE … FROM x`, `FOR ROLE x`, `CREATE POLICY … TO x, y`. */
function rolesIn(definition: string): string[] {
  const found: string[] = [];
  const name = /("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)/u.source;
  const pattern = new RegExp(
    `\\b(?:TO|FROM|FOR ROLE|FOR) ${name}(?=(?:,| WITH| GRANT| GRANTED| SERVER| REVOKE| IN| USING|;|$))`,
    'gmu',
  );
  for (const [, role] of definition.matchAll(pattern)) {
    const plain = role!.startsWith('"') ? role!.slice(1, -1).replaceAll('""', '"') : role!;
    if (!noRoles.has(plain.toLowerCase())) found.push(plain);
  }
  return found;
}

/** What the entries need, as far as the options let them. */
export function needsOf(entries: Entry[], options: RestoreOptions = {}): Needs {
  const needs: Needs = { roles: new Set(), extensions: new Set(), tablespaces: new Set() };
  for (const entry of entries) {
    const isAcl = entry.kind === 'ACL' || entry.kind === 'DEFAULT ACL';
    const isDatabase = entry.kind.startsWith('DATABASE');
    if (entry.owner && !options['no-owner'] && !isAcl && !isDatabase && entry.kind !== 'COMMENT')
      needs.roles.add(entry.owner);
    if (isAcl && !(options['no-privileges'] || options['no-acl']) && !/^DATABASE /.test(entry.name))
      for (const role of rolesIn(entry.definition)) needs.roles.add(role);
    if (entry.kind === 'POLICY') {
      const to = /\bTO ([^;]*?)(?: USING| WITH|;|$)/.exec(entry.definition)?.[1];
      if (to)
        for (const role of rolesIn(
          to
            .split(', ')
            .map((name) => `TO ${name};`)
            .join('\n'),
        ))
          needs.roles.add(role);
    }
    if (entry.kind === 'EXTENSION') needs.extensions.add(entry.name);
    if (entry.tablespace && !options['no-tablespaces']) needs.tablespaces.add(entry.tablespace);
  }
  return needs;
}

/** Warnings for what the target lacks, each with what to do. `given`: roles the restore itself brings; `globals`: as in `Source`. */
export function missingOn(
  target: Target,
  contents: Contents,
  options: RestoreOptions = {},
  given: Set<string> = new Set(),
  globals: string | null = null,
): Warning[] {
  const needs = needsOf(contents.entries, options);
  // A script by hand is run as it was written; what is no entry of its contents would be lost.
  const canLeaveOut = contents.archiveVersion !== null || contents.source.toolVersion !== null;
  const warnings: Warning[] = [];
  const roles = [...needs.roles].filter((name) => !target.roles.has(name) && !given.has(name));
  if (roles.length)
    warnings.push({
      code: 'target.role',
      fixes: [
        createRoles(roles),
        ...(globals ? [rolesFromGlobals(roles, globals)] : []),
        ...(canLeaveOut ? [withoutOwners(), mapOwners(roles, target.user)] : []),
      ],
      text: l10n.t(
        'Roles are missing on the target: {0}. Create them first, or restore without owners and privileges; else what they own belongs to {1}.',
        few(roles),
        target.user,
      ),
    });
  const extensions = [...needs.extensions].filter((name) => target.extensions?.has(name) === false);
  if (extensions.length)
    warnings.push({
      code: 'target.extension',
      ...(canLeaveOut ? { fixes: [withoutExtensions(extensions)] } : {}),
      text: l10n.t(
        'Extensions are not installed on the target: {0}. Install their packages on the server; else they and what is made of them fail.',
        few(extensions),
      ),
    });
  const tablespaces = [...needs.tablespaces].filter((name) => !target.tablespaces.has(name));
  if (tablespaces.length)
    warnings.push({
      code: 'target.tablespace',
      ...(canLeaveOut ? { fixes: [withoutTablespaces()] } : {}),
      text: l10n.t(
        "Tablespaces are missing on the target: {0}. Create them first, or restore without tablespaces; else what was kept there goes to the database's own place.",
        few(tablespaces),
      ),
    });
  const major = Number(/^\d+/.exec(contents.source.serverVersion ?? '')?.[0] ?? NaN);
  if (major > target.version.major)
    warnings.push({
      code: 'target.older',
      text: l10n.t(
        'The backup comes from PostgreSQL {0}, the target is {1}: what the older server does not know will fail.',
        major,
        target.version.major,
      ),
    });
  return warnings;
}
