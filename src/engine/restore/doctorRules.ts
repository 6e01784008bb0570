import * as l10n from '@vscode/l10n';
import type { Verdict } from '../jobs/events';
import type { Fix, ToolStep } from '../plan';
import * as fixes from './fixes';
import type { ToolMessage } from './messages';
import type { RestoreRequest } from './types';

/** What is known of the restore a message comes from. */
export interface DoctorContext {
  /** Into a database that was there before. */
  inPlace: boolean;
  /** What runs. */
  step?: ToolStep;
  /** What was asked for: fixes are changes of it. */
  request?: RestoreRequest;
}

/** What a fix depends on beside the text that was found. */
export interface Judged {
  message: ToolMessage;
  context: DoctorContext;
}

/**
 * One row: which message, and what to make of it. A row matches when its SQLSTATE is the message's (or the
 * message has none, as pg_restore's) and its `text` matches, or the SQLSTATE alone decides (`byState`:
 * servers translate their texts, never their SQLSTATEs). The first matching row wins.
 */
export interface DoctorRule {
  id: string;
  /** SQLSTATEs it is raised with; the first is given to messages that carry none. Empty: the tool's own words. */
  states: string[];
  text: RegExp;
  byState?: boolean;
  /** Further conditions on statement, entry or context. */
  when?: (message: ToolMessage, context: DoctorContext) => boolean;
  verdict: Verdict;
  /** The verdict's reason in plain words. `found` is the match of `text`, null when the SQLSTATE alone matched. */
  reason: (found: RegExpExecArray | null) => string;
  /** What can be done about it. */
  next?: (found: RegExpExecArray | null) => string;
  /** What a person can press: each changes the request, and the restore, or what failed of it, is made again. */
  fixes?: (found: RegExpExecArray | null, judged: Judged) => Fix[];
}

const first = (found: RegExpExecArray | null): string => found?.[1] ?? '?';

/** The kind of the entry: the capitals its name begins with. */
const kindOf = (message: ToolMessage): string =>
  /^([A-Z][A-Z ]*[A-Z])(?= )/.exec(message.entry ?? '')?.[1] ?? '';

const setsOwner = (message: ToolMessage): boolean =>
  /^ALTER\s[^]*\sOWNER TO /i.test(message.statement) ||
  (!message.statement && /^(check_can_set_role|check_is_member_of_role)$/.test(message.routine));
const setsRight = (message: ToolMessage): boolean =>
  /^(GRANT|REVOKE|ALTER DEFAULT PRIVILEGES|SET SESSION AUTHORIZATION)\b/i.test(message.statement) ||
  /^(ACL|DEFAULT ACL)$/.test(kindOf(message));
const setsComment = (message: ToolMessage): boolean =>
  /^(COMMENT ON|SECURITY LABEL)\b/i.test(message.statement) ||
  /^(COMMENT|SECURITY LABEL)$/.test(kindOf(message));
/** Entries that cannot be made without the role they name. */
const needsRole = (message: ToolMessage): boolean =>
  /^CREATE\b/i.test(message.statement) ||
  (!message.statement && /^(POLICY|USER MAPPING|PUBLICATION|SUBSCRIPTION)$/.test(kindOf(message)));
const drops = (message: ToolMessage): boolean =>
  /^(DROP|ALTER TABLE\b[^;]*\bDROP|ALTER TABLE\b[^;]*\bDETACH|ALTER TABLE\b[^;]*\bALTER COLUMN\b[^;]*\bDROP)\b/i.test(
    message.statement,
  ) || /^(DropErrorMsg|DropRole|dropdb)/.test(message.routine);

/** Routines have settings of their own, by which they are not made where the server does not know one. */
const makesRoutine = (message: ToolMessage): boolean =>
  /^(CREATE|ALTER)\b[^(]*\b(FUNCTION|PROCEDURE)\b/i.test(message.statement) ||
  (!message.statement && /^(FUNCTION|PROCEDURE)$/.test(kindOf(message)));

const asked = ({ context }: Judged, option: string): boolean => Boolean(context.request?.options?.[option]);
/** What options leave out of a restore can be left out of this one. */
const canLeaveOut = ({ context }: Judged): boolean => !context.step?.asWritten;
const leavingOut = (judged: Judged, ...some: Fix[]): Fix[] => (canLeaveOut(judged) ? some : []);
const isPgRestore = ({ context }: Judged): boolean => context.step?.dialect === 'pg_restore';
const has = ({ context }: Judged, argument: RegExp): boolean =>
  context.step?.args.some((one) => argument.test(one)) ?? false;
const otherClients = ({ context }: Judged, fits: (major: number) => boolean = () => true): Fix[] =>
  (context.step?.others ?? []).filter(({ version }) => fits(version.major)).map(fixes.useClient);
const fewerSessions = (judged: Judged): Fix[] => (has(judged, /^--jobs=/) ? [fixes.oneByOne()] : []);
const releaseOf = ({ context }: Judged): number => context.step?.build.version.major ?? 0;

/** Settings pg_dump puts at the head of what it writes; a server that does not know one loses nothing. */
const preambleSettings =
  /^(statement_timeout|lock_timeout|idle_in_transaction_session_timeout|transaction_timeout|row_security|xmloption|default_table_access_method|default_with_oids|check_function_bodies|restrict_nonsystem_relation_kind)$/;

/** Only of a script that is fed as it is: there the message tells the line. */
function withoutItsLine(found: RegExpExecArray | null, { message, context }: Judged): Fix[] {
  return message.line !== null && context.step?.stdin !== undefined
    ? [fixes.withoutLine(message.line, first(found))]
    : [];
}

/** For what is there already: drop it first, or (of what was restored and kept) replace it by what failed. */
function replacing(_: RegExpExecArray | null, judged: Judged): Fix[] {
  const { context } = judged;
  if (!context.inPlace) return [];
  const untouched = context.request?.options?.clean === false && !context.request.pick;
  return [
    ...(untouched && isPgRestore(judged) && !asked(judged, 'data-only') ? [fixes.dropFirst()] : []),
    ...(canLeaveOut(judged) ? [fixes.replaceWhatIsThere()] : []),
  ];
}

const restoreElsewhere = (): string =>
  l10n.t('Restore into a new database, or in place with clean, so that the old object is dropped first.');

export const doctorRules: DoctorRule[] = [
  {
    id: 'connectionFailed',
    states: [],
    text: /^(?:(?:re)?connection (?:failed: |to (?:server|database) .*failed)|could not connect|\\connect: )/,
    verdict: 'failed',
    reason: () => l10n.t('The tool could not connect to the database.'),
    next: () => l10n.t('Test the connection.'),
    fixes: (_, judged) => [...fewerSessions(judged), fixes.tryAgain(), ...otherClients(judged)],
  },
  {
    id: 'transactionAborted',
    states: ['25P02'],
    text: /^current transaction is aborted/,
    byState: true,
    verdict: 'failed',
    reason: () => l10n.t('It follows from the failure before it: the whole transaction is given up.'),
    next: () => l10n.t('Look at the first failure.'),
  },
  {
    id: 'roleExists',
    states: ['42710'],
    text: /^role "(.+)" already exists$/s,
    verdict: 'harmless',
    reason: (found) =>
      l10n.t('The role {0} is there already; the script makes every role of its server.', first(found)),
  },
  {
    id: 'settingInRoutine',
    states: ['42704'],
    text: /^unrecognized configuration parameter "(.+)"$/,
    when: makesRoutine,
    verdict: 'failed',
    reason: (found) =>
      l10n.t(
        'The function is not there: it sets {0} for itself, which this server does not know.',
        first(found),
      ),
    next: (found) =>
      l10n.t('Make the function without {0}, or restore on a server that knows it.', first(found)),
    fixes: (found, judged) => leavingOut(judged, fixes.withoutSetting(first(found))),
  },
  {
    id: 'settingUnknown',
    states: ['42704'],
    text: /^unrecognized configuration parameter "(.+)"$/,
    when: (message) => preambleSettings.test(/"(.+)"/.exec(message.text)?.[1] ?? ''),
    verdict: 'harmless',
    reason: (found) =>
      l10n.t(
        'The server is older than the tool and does not know the setting {0}; nothing is lost.',
        first(found),
      ),
    fixes: (found, judged) => [
      ...withoutItsLine(found, judged),
      ...(isPgRestore(judged) ? otherClients(judged, (major) => major < releaseOf(judged)) : []),
    ],
  },
  {
    id: 'settingLost',
    states: ['42704'],
    text: /^unrecognized configuration parameter "(.+)"$/,
    verdict: 'degraded',
    reason: (found) =>
      l10n.t('The setting {0} of the backup does not exist on this server and is left out.', first(found)),
    next: () => l10n.t('Set it by hand where it is needed, or restore on a server of the same version.'),
    fixes: withoutItsLine,
  },
  {
    id: 'schemaPublicExists',
    states: ['42P06'],
    text: /^schema "(public)" already exists$/,
    verdict: 'harmless',
    reason: () => l10n.t('Every database has the schema public; the objects go into it.'),
  },
  {
    id: 'extensionExists',
    states: ['42710'],
    text: /^extension "(.+)" already exists$/s,
    verdict: 'harmless',
    reason: (found) => l10n.t('The extension {0} is there already.', first(found)),
  },
  {
    id: 'languageExists',
    states: ['42710'],
    text: /^language "(.+)" already exists$/s,
    verdict: 'harmless',
    reason: (found) => l10n.t('The language {0} is there already.', first(found)),
  },
  {
    id: 'extensionComment',
    states: ['42501'],
    text: /^must be owner of extension (.+)$/s,
    when: setsComment,
    verdict: 'harmless',
    reason: (found) =>
      l10n.t(
        'Only the owner of the extension {0} may change its comment; the extension itself works.',
        first(found),
      ),
    fixes: (_, judged) => leavingOut(judged, fixes.withoutComments()),
  },
  {
    id: 'extensionDenied',
    states: ['42501'],
    text: /^permission denied to create extension "(.+)"$/s,
    verdict: 'failed',
    reason: (found) =>
      l10n.t(
        'The role that restores may not make the extension {0}, so what is made of it fails too.',
        first(found),
      ),
    next: () => l10n.t('Have a superuser make the extension first, or leave it out.'),
    fixes: (found, judged) => leavingOut(judged, fixes.withoutExtensions([first(found)])),
  },
  {
    id: 'extensionMissing',
    states: ['0A000', '58P01', '22023'],
    text: /^(?:extension "(.+)" is not available|could not open extension control file "(?:.*\/)?(.+)\.control": .*|extension "(.+)" has no installation script nor update path.*)$/s,
    verdict: 'failed',
    reason: (found) =>
      l10n.t(
        'The extension {0} is not installed on the server, so what is made of it fails too.',
        found?.[1] ?? found?.[2] ?? found?.[3] ?? '?',
      ),
    next: () => l10n.t("Install the extension's package on the server, or leave the extension out."),
    fixes: (found, judged) =>
      leavingOut(judged, fixes.withoutExtensions(found?.slice(1).filter((name) => name !== undefined) ?? [])),
  },
  {
    id: 'roleMissingSet',
    states: ['22023', '42704'],
    text: /^role "(.+)" does not exist$/s,
    when: (message) => /^SET (SESSION )?ROLE\b/i.test(message.statement),
    verdict: 'failed',
    reason: (found) =>
      l10n.t('The restore was to be made as the role {0}, which is not there.', first(found)),
    next: () => l10n.t('Choose another role, or create it.'),
    fixes: (found, judged) => [
      fixes.createRole(first(found)),
      ...(asked(judged, 'role') ? [fixes.withoutRole()] : []),
    ],
  },
  {
    id: 'roleMissing',
    states: ['42704'],
    text: /^role "(.+)" does not exist$/s,
    when: (message) => needsRole(message),
    verdict: 'failed',
    reason: (found) =>
      l10n.t('This object cannot be made without the role {0}, which is not on the server.', first(found)),
    next: (found) => l10n.t('Create the role {0} and restore again.', first(found)),
    fixes: (found) => [fixes.createRole(first(found))],
  },
  {
    id: 'ownerMissing',
    states: ['42704'],
    text: /^role "(.+)" does not exist$/s,
    verdict: 'degraded',
    reason: (found) =>
      l10n.t(
        'The role {0} is not on the server: what it owned or was granted stays with the role that restores.',
        first(found),
      ),
    next: (found) => l10n.t('Create the role {0}, or restore without owners and privileges.', first(found)),
    fixes: (found, judged) => [fixes.createRole(first(found)), ...leavingOut(judged, fixes.withoutOwners())],
  },
  {
    id: 'tablespaceMissing',
    states: ['42704', '22023'],
    text: /^(?:tablespace "(.+)" does not exist|invalid value for parameter "default_tablespace": "(.+)")$/s,
    when: (message) => !/^CREATE DATABASE\b/.test(message.statement) && message.routine !== 'createdb',
    verdict: 'degraded',
    reason: (found) =>
      l10n.t(
        "The tablespace {0} is not on the server: what was kept there goes to the database's own place.",
        found?.[1] ?? found?.[2] ?? '?',
      ),
    next: () => l10n.t('Create the tablespace, or restore without tablespaces.'),
    fixes: (_, judged) => leavingOut(judged, fixes.withoutTablespaces()),
  },
  {
    id: 'accessMethodMissing',
    states: ['22023', '42704'],
    text: /^(?:access method "(.+)" does not exist|invalid value for parameter "default_table_access_method": "(.+)")$/s,
    verdict: 'degraded',
    reason: (found) =>
      l10n.t(
        "The table access method {0} is not on the server: the tables are stored by the server's own.",
        found?.[1] ?? found?.[2] ?? '?',
      ),
    next: () => l10n.t('Install what brings the access method, or restore without it.'),
    fixes: (_, judged) => (isPgRestore(judged) ? [fixes.withoutAccessMethods()] : []),
  },
  {
    id: 'labelProviderMissing',
    states: ['22023'],
    text: /^security label provider "(.+)" is not loaded$/s,
    verdict: 'degraded',
    reason: (found) =>
      l10n.t('The security label is not set: the server has no provider {0} loaded.', first(found)),
    next: () => l10n.t('Load the provider on the server, or restore without security labels.'),
    fixes: (_, judged) => leavingOut(judged, fixes.withoutSecurityLabels()),
  },
  {
    id: 'dropMissing',
    states: ['42P01', '42704', '42883', '3F000', '42703', '3D000', '42P06'],
    text: /does not exist(?:, skipping)?$/,
    when: drops,
    verdict: 'harmless',
    reason: () => l10n.t('It was to be dropped first and was not there.'),
  },
  {
    id: 'localeMissing',
    states: ['22023', '42704'],
    text: /^(?:invalid (?:LC_\w+ )?locale name:? ?"?(.*?)"?|could not create locale "(.+)":.*|collation "(.+)" for encoding "(?:.+)" does not exist|could not open collator for locale "(.+)":.*|ICU is not supported in this build|collation provider .* not supported.*|invalid LC_COLLATE locale name.*)$/s,
    verdict: 'failed',
    reason: (found) =>
      l10n.t(
        'The server does not have the locale or collation {0}.',
        found?.slice(1).find((name) => name !== undefined) ?? '?',
      ),
    next: () =>
      l10n.t("Install the locale on the server's machine, or create the collation under this name."),
  },
  {
    id: 'ownerDenied',
    states: ['42501'],
    text: /^(?:must be (?:owner|member|able|superuser)\b.*|permission denied\b.*|"?.*"? .*SET ROLE.*)$/s,
    when: (message) => setsOwner(message) || setsRight(message) || setsComment(message),
    verdict: 'degraded',
    reason: () =>
      l10n.t(
        'The role that restores may not set this owner, privilege or comment; the object itself is there.',
      ),
    next: () =>
      l10n.t('Restore as a superuser or as a member of the owning role, or without owners and privileges.'),
    fixes: (_, judged) => leavingOut(judged, fixes.withoutOwners()),
  },
  {
    id: 'replicationDenied',
    states: ['42501'],
    text: /^(?:must be superuser to create (?:subscriptions|FOR ALL TABLES publication)|permission denied to create subscription)/,
    verdict: 'failed',
    reason: () =>
      l10n.t(
        'The role that restores may not make this publication or subscription; nothing else hangs on it.',
      ),
    next: () => l10n.t('Have a superuser make it afterwards, or leave such entries out.'),
    fixes: (_, judged) =>
      leavingOut(
        judged,
        ...(/PUBLICATION|publication/.test(judged.message.statement + judged.message.text)
          ? [fixes.withoutPublications()]
          : []),
        ...(/SUBSCRIPTION|subscription/.test(judged.message.statement + judged.message.text)
          ? [fixes.withoutSubscriptions()]
          : []),
      ),
  },
  {
    id: 'permissionDenied',
    states: ['42501'],
    text: /^(?:permission denied|must be (?:owner|superuser|member|able)|non-superuser)/,
    byState: true,
    verdict: 'failed',
    reason: () => l10n.t('The role that restores lacks the right for this.'),
    next: () => l10n.t('Restore as a superuser or as the owner, or have the right granted.'),
  },
  {
    id: 'notUnique',
    states: ['23505'],
    text: /^could not create unique index "(.+)"/s,
    verdict: 'failed',
    reason: (found) =>
      l10n.t(
        'The index {0} is not there: the table holds several rows with the same key, some of them from before.',
        first(found),
      ),
    next: () =>
      l10n.t('Look at the rows with the key in the message, or replace the table by that of the backup.'),
    fixes: replacing,
  },
  {
    id: 'duplicateKey',
    states: ['23505'],
    text: /^duplicate key value violates unique constraint "(.+)"/s,
    byState: true,
    verdict: 'failed',
    reason: (found) =>
      l10n.t(
        'Rows with the same key ({0}) are there already; none of the rows of this table were restored.',
        first(found),
      ),
    next: () => l10n.t('Restore into a new database, or in place with clean, so that the old rows go first.'),
    fixes: replacing,
  },
  {
    id: 'rowsRefused',
    states: ['23503', '23514', '23502', '23P01', '23000'],
    text: /violates (?:foreign key|check|not-null|exclusion) constraint|violates not-null|is violated by some row/,
    byState: true,
    verdict: 'failed',
    reason: () => l10n.t('Rows of the backup break a rule of the target, so they or the rule are not there.'),
    next: () =>
      l10n.t(
        'For rows only, disable the triggers while restoring; else look at the rule and the row named in the message.',
      ),
    fixes: (_, judged) =>
      isPgRestore(judged) && asked(judged, 'data-only') && !asked(judged, 'disable-triggers')
        ? [fixes.withoutTriggers()]
        : [],
  },
  {
    id: 'encodingMismatch',
    states: ['22P05', '22021'],
    text: /^(?:character with byte sequence .+ in encoding "(.+)" has no equivalent in encoding "(.+)"|invalid byte sequence for encoding "(.+)":.*)$/s,
    byState: true,
    verdict: 'failed',
    reason: () => l10n.t('Text of the backup cannot be written in the encoding of the target database.'),
    next: () => l10n.t('Restore into a new database with the encoding of the backup (UTF8 takes all).'),
  },
  {
    id: 'invalidInput',
    states: ['22P02', '22P04', '22007', '22008', '22003', '22001', '22P03', '22023'],
    text: /^(?:invalid input (?:syntax|value) for|missing data for column|extra data after last expected column|date\/time field value out of range|value too long for type)/,
    byState: true,
    verdict: 'failed',
    reason: () =>
      l10n.t('A value of the backup is not one the column takes; the rows of this table are not there.'),
    next: () => l10n.t('Verify the backup: it may be damaged, or the table on the target has other columns.'),
  },
  {
    id: 'diskFull',
    states: ['53100'],
    text: /No space left on device|could not (?:extend|write to|write) file .*(?:space|wrote only)/,
    byState: true,
    verdict: 'failed',
    reason: () => l10n.t("The server's disk is full."),
    next: () =>
      l10n.t('Make room on the server and restore again; nothing half-made is kept of a new database.'),
    fixes: () => [fixes.tryAgain()],
  },
  {
    id: 'connectionLost',
    states: ['57P01', '57P02', '57P03', '08006', '08003'],
    text: /^(?:server closed the connection unexpectedly|connection to server was lost|terminating connection|could not receive data from server|could not send .*to server|SSL SYSCALL error|no connection to the server|error returned by PQputCopyData|the connection to the server was lost|the database system is (?:shutting down|starting up|in recovery mode))/,
    byState: true,
    verdict: 'failed',
    reason: () => l10n.t('The connection to the server broke off in mid-restore.'),
    next: () => l10n.t('See whether the server runs, then restore again.'),
    fixes: () => [fixes.tryAgain()],
  },
  {
    id: 'cancelled',
    states: ['57014'],
    text: /^canceling statement due to/,
    byState: true,
    verdict: 'failed',
    reason: () => l10n.t('The statement was cancelled, or ran into a time limit of the server or the role.'),
    next: () => l10n.t('Raise statement_timeout for the role that restores, then restore again.'),
    fixes: () => [fixes.tryAgain()],
  },
  {
    id: 'dependents',
    states: ['2BP01'],
    text: /because other objects depend on it$/,
    byState: true,
    verdict: 'failed',
    reason: () =>
      l10n.t('The target has objects of its own that hang on this one, so it could not be dropped.'),
    next: () => l10n.t('Drop the objects named in the message first, or restore into a new database.'),
  },
  {
    id: 'databaseExists',
    states: ['42P04'],
    text: /^database "(.+)" already exists$/s,
    byState: true,
    verdict: 'failed',
    reason: (found) =>
      l10n.t('The database {0} is there already; the script restores into it as it is.', first(found)),
    next: () => l10n.t('Drop or rename it first, or choose another name.'),
  },
  {
    id: 'objectExists',
    states: ['42P07', '42710', '42723', '42701', '42P16', '42P06', '42P13'],
    text: /(?:already exists(?: .*)?$|^multiple primary keys for table|^cannot change (?:return type|name of input parameter))/s,
    verdict: 'failed',
    reason: (found) =>
      found ? l10n.t('An object of this name is there already and was left as it is.') : '',
    next: restoreElsewhere,
    fixes: replacing,
  },
  {
    id: 'followsFailure',
    states: ['42P01', '42703', '3F000', '42883', '42704'],
    text: /does not exist$/,
    verdict: 'failed',
    reason: () =>
      l10n.t('It needs something that is not there, mostly because its own making failed before.'),
    next: () => l10n.t('Look at the failures before this one.'),
  },
  {
    id: 'readOnly',
    states: ['25006'],
    text: /^cannot execute .* in a read-only transaction$/,
    byState: true,
    verdict: 'failed',
    reason: () =>
      l10n.t('The server or the role only reads: it is a standby, or default_transaction_read_only is on.'),
    next: () => l10n.t('Restore on the primary server.'),
  },
  {
    id: 'lockRefused',
    states: ['55P03', '40P01', '55006'],
    text: /^(?:canceling statement due to lock timeout|could not obtain lock|deadlock detected|.* is being accessed by other users)/,
    byState: true,
    verdict: 'failed',
    reason: () => l10n.t('Other sessions hold what the restore needs.'),
    next: () => l10n.t('End the sessions on the database, then restore again.'),
    fixes: () => [fixes.tryAgain()],
  },
  {
    id: 'serverLimits',
    states: ['53200', '53300', '53400', '54000', '53000'],
    text: /^(?:out of memory|out of shared memory|sorry, too many clients already|remaining connection slots)/,
    byState: true,
    verdict: 'failed',
    reason: () => l10n.t('The server has no more room in memory, locks or connections for this restore.'),
    next: () => l10n.t('Restore with fewer jobs, or raise the limit named in the message.'),
    fixes: (_, judged) => [
      ...fewerSessions(judged),
      ...(has(judged, /^--single-transaction$/) ? [fixes.notWhole()] : []),
      fixes.tryAgain(),
    ],
  },
  {
    id: 'syntax',
    states: ['42601'],
    text: /^(?:syntax error|unrecognized .*|conflicting or redundant options|unexpected data beyond EOF)/,
    byState: true,
    verdict: 'failed',
    reason: () =>
      l10n.t(
        'The server does not understand this statement: the backup comes from a newer version, or the file is damaged.',
      ),
    next: () => l10n.t('Restore on a server at least as new as the source, and verify the backup.'),
  },
  {
    id: 'newerFeature',
    states: ['0A000'],
    text: /not supported|unrecognized|is not available/,
    byState: true,
    verdict: 'failed',
    reason: () => l10n.t('The server cannot do this: an older version, or built without it.'),
    next: () => l10n.t('Restore on a server at least as new as the source.'),
  },
  {
    id: 'commandRestricted',
    states: [],
    text: /^backslash commands are restricted/,
    verdict: 'failed',
    reason: () =>
      l10n.t(
        'The script itself forbids psql commands (\\restrict), and yet one came: the file was changed after it was made.',
      ),
    next: () => l10n.t('Do not run it unless you know who changed it; take the original backup.'),
  },
  {
    id: 'rowsAsCommands',
    states: [],
    text: /^invalid command \\/,
    verdict: 'failed',
    reason: () =>
      l10n.t('psql does not know this command; mostly it is a row of a table whose COPY failed just before.'),
    next: () => l10n.t('Look at the failure before this one.'),
    fixes: (_, judged) => otherClients(judged, (major) => major > releaseOf(judged)),
  },
  {
    id: 'archiveDamaged',
    states: [],
    text: /could not read from input file|could not find block ID|could not uncompress data|could not decompress|unexpected end of file|input file (?:is too short|does not appear to be a valid archive|appears to be a text format dump)|did not find magic string|unrecognized data block type|found unexpected block ID|corrupt tar header|could not find file "|invalid compression code|possibly due to out-of-order|could not open input file|entry ID \d+ out of range|could not read .*file|unexpected data offset flag|could not close data file/,
    verdict: 'failed',
    reason: () => l10n.t('The backup file is damaged or cut short at this place.'),
    next: () =>
      l10n.t('Verify the backup to see which tables are whole; take another backup if there is one.'),
  },
  {
    id: 'archiveTooNew',
    states: [],
    text: /unsupported version \((.+)\) in file header/,
    verdict: 'failed',
    reason: (found) =>
      l10n.t(
        'The backup was made by a newer pg_dump (archive version {0}) than the tool that reads it.',
        first(found),
      ),
    next: () => l10n.t('Install newer PostgreSQL client programs.'),
    fixes: (_, judged) => otherClients(judged, (major) => major > releaseOf(judged)),
  },
];
