import * as l10n from '@vscode/l10n';
import type { Fix } from '../plan';
import { buildKey, describeBuild, type ClientBuild } from '../tools';

/** Unable to log in, without passwords. */
export function createRoles(roles: string[]): Fix {
  return { id: 'createRoles', label: l10n.t('Create the Roles'), set: { createRoles: roles }, mends: 'too' };
}

/** The same for the one a message names. */
export function createRole(role: string): Fix {
  return { ...createRoles([role]), label: l10n.t('Create the Role {0}', role) };
}

/** The restore is made as whoever connects. */
export function withoutRole(): Fix {
  return {
    id: 'noRole',
    label: l10n.t('Restore as the Role That Connects'),
    set: { options: { role: false } },
  };
}

/** As they were on their server, with their passwords. */
export function rolesFromGlobals(roles: string[], path: string): Fix {
  return {
    id: 'rolesFromGlobals',
    label: l10n.t('Create Them as They Were, With Passwords'),
    set: { createRoles: roles, rolesFrom: path },
  };
}

export function dropFirst(): Fix {
  return { id: 'clean', label: l10n.t('Drop What Exists First'), set: { options: { clean: true } } };
}

export function withoutOwners(): Fix {
  return without('noOwner', l10n.t('Restore Without Owners'), 'no-owner', 'no-privileges');
}

export function withoutComments(): Fix {
  return without('noComments', l10n.t('Restore Without Comments'), 'no-comments');
}

export function withoutSecurityLabels(): Fix {
  return without('noSecurityLabels', l10n.t('Restore Without Security Labels'), 'no-security-labels');
}

export function withoutSubscriptions(): Fix {
  return without('noSubscriptions', l10n.t('Restore Without Subscriptions'), 'no-subscriptions');
}

export function withoutPublications(): Fix {
  return without('noPublications', l10n.t('Restore Without Publications'), 'no-publications');
}

export function withoutAccessMethods(): Fix {
  return without(
    'noTableAccessMethod',
    l10n.t("Restore With the Server's Own Table Access Method"),
    'no-table-access-method',
  );
}

/** Options of pg_restore, by which it does less than the backup has. */
function without(id: string, label: string, ...options: string[]): Fix {
  return { id, label, set: { options: Object.fromEntries(options.map((option) => [option, true])) } };
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
  return without('noTablespaces', l10n.t('Restore Without Tablespaces'), 'no-tablespaces');
}

/** Of functions, which are made without it. */
export function withoutSetting(setting: string): Fix {
  return {
    id: 'withoutSettings',
    label: l10n.t('Make the Function Without {0}', setting),
    set: { withoutSettings: [setting] },
    mends: 'too',
  };
}

/** Of a script: the statement that sets it is not run. */
export function withoutLine(line: number, setting: string): Fix {
  return {
    id: 'withoutLines',
    label: l10n.t('Leave Out {0} in Line {1}', setting, line),
    set: { withoutLines: [line] },
  };
}

/** What is in the way of what failed is dropped: rows of the table, or the object of that name. */
export function replaceWhatIsThere(): Fix {
  return {
    id: 'replaceExisting',
    label: l10n.t('Replace What Is There'),
    set: { resume: { replace: true }, safety: 'auto' },
    mends: 'only',
  };
}

export function withoutTriggers(): Fix {
  return {
    id: 'disableTriggers',
    label: l10n.t('Disable the Triggers Meanwhile'),
    set: { options: { 'disable-triggers': true } },
  };
}

export function oneByOne(): Fix {
  return { id: 'oneJob', label: l10n.t('Restore With One Job'), set: { options: { jobs: '1' } } };
}

export function notWhole(): Fix {
  return {
    id: 'notWhole',
    label: l10n.t('Restore in Several Transactions'),
    set: { options: { 'single-transaction': false } },
  };
}

export function useClient(build: ClientBuild): Fix {
  return {
    id: 'useClient',
    label: l10n.t('Use {0}', describeBuild(build)),
    set: { client: buildKey(build) },
    mends: 'too',
  };
}

/** For what may be over by now. */
export function tryAgain(): Fix {
  return { id: 'again', label: l10n.t('Restore Again'), set: {} };
}
