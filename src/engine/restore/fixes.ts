import * as l10n from '@vscode/l10n';
import type { Fix } from '../plan';

/** Unable to log in, without passwords. */
export function createRoles(roles: string[]): Fix {
  return { id: 'createRoles', label: l10n.t('Create the Roles'), set: { createRoles: roles } };
}

/** As they were on their server, with their passwords. */
export function rolesFromGlobals(roles: string[], path: string): Fix {
  return {
    id: 'rolesFromGlobals',
    label: l10n.t('Create Them as They Were, With Passwords'),
    set: { createRoles: roles, rolesFrom: path },
  };
}

export function withoutComments(): Fix {
  return {
    id: 'noComments',
    label: l10n.t('Restore Without Comments'),
    set: { options: { 'no-comments': true } },
  };
}

export function dropFirst(): Fix {
  return { id: 'clean', label: l10n.t('Drop What Exists First'), set: { options: { clean: true } } };
}

export function withoutOwners(): Fix {
  return {
    id: 'noOwner',
    label: l10n.t('Restore Without Owners'),
    set: { options: { 'no-owner': true, 'no-privileges': true } },
  };
}

export function mapOwners(roles: string[], user: string): Fix {
  return {
    id: 'mapOwners',
    label: l10n.t('Let {0} Own It All', user),
    set: { rename: { owners: Object.fromEntries(roles.map((role) => [role, user])) } },
  };
}

export function withoutExtensions(extensions: string[]): Fix {
  return {
    id: 'withoutExtensions',
    label: l10n.t('Leave Out the Extensions'),
    set: { withoutExtensions: extensions },
  };
}

export function withoutTablespaces(): Fix {
  return {
    id: 'noTablespaces',
    label: l10n.t('Restore Without Tablespaces'),
    set: { options: { 'no-tablespaces': true } },
  };
}
