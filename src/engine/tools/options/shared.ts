import type { ToolOption } from './types';

/** Rows that several programs share word for word. */

const byConnection = 'The connection sets it.';

export const connection: ToolOption[] = [
  {
    flag: 'host',
    short: 'h',
    takes: 'text',
    group: 'connection',
    summary: 'database server host or socket directory',
    managed: byConnection,
  },
  {
    flag: 'port',
    short: 'p',
    takes: 'number',
    group: 'connection',
    summary: 'database server port number',
    managed: byConnection,
  },
  {
    flag: 'username',
    short: 'U',
    takes: 'text',
    group: 'connection',
    summary: 'connect as specified database user',
    managed: byConnection,
  },
  {
    flag: 'no-password',
    short: 'w',
    takes: 'nothing',
    group: 'connection',
    summary: 'never prompt for password',
    managed: 'Always given: nobody could answer a prompt.',
  },
  {
    flag: 'password',
    short: 'W',
    takes: 'nothing',
    group: 'connection',
    summary: 'force password prompt',
    managed: 'Nobody could answer a prompt.',
  },
];

/** `--dbname`, whose words differ from program to program. */
export function dbname(summary: string): ToolOption {
  return { flag: 'dbname', short: 'd', takes: 'text', group: 'connection', summary, managed: byConnection };
}

export const information: ToolOption[] = [
  {
    flag: 'verbose',
    short: 'v',
    takes: 'nothing',
    group: 'information',
    summary: 'verbose mode',
    managed: 'Always given: progress is read from it.',
  },
  {
    flag: 'version',
    short: 'V',
    takes: 'nothing',
    group: 'information',
    summary: 'output version information, then exit',
    managed: 'It does nothing but tell the version.',
  },
  {
    flag: 'help',
    short: '?',
    takes: 'nothing',
    group: 'information',
    summary: 'show help, then exit',
    managed: 'It does nothing but show help.',
  },
];

export const role = (when: 'dump' | 'restore'): ToolOption => ({
  flag: 'role',
  takes: 'text',
  group: 'ownership',
  summary: `do SET ROLE before ${when}`,
});

/**
 * Came with the security releases of 14 August 2025 to every supported major,
 * https://www.postgresql.org/docs/release/17.6/
 */
export const restrictKey: ToolOption = {
  flag: 'restrict-key',
  takes: 'text',
  since: 13,
  sinceMinor: { 13: 22, 14: 19, 15: 14, 16: 10, 17: 6 },
  match: '[A-Za-z0-9]+',
  group: 'output',
  summary: 'use provided string as psql \\restrict key',
};

export const useSetSessionAuthorization: ToolOption = {
  flag: 'use-set-session-authorization',
  takes: 'nothing',
  group: 'ownership',
  summary: 'use SET SESSION AUTHORIZATION commands instead of ALTER OWNER commands to set ownership',
};

export const noPrivileges = (verb: string): ToolOption => ({
  flag: 'no-privileges',
  short: 'x',
  takes: 'nothing',
  group: 'ownership',
  summary: verb,
});

export const ifExists: ToolOption = {
  flag: 'if-exists',
  takes: 'nothing',
  needs: ['clean'],
  group: 'output',
  summary: 'use IF EXISTS when dropping objects',
};

/** Of pg_dump and pg_restore. */
export const strictNames: ToolOption = {
  flag: 'strict-names',
  takes: 'nothing',
  group: 'objects',
  summary: 'require table and/or schema include patterns to match at least one entity each',
};

export const disableTriggers: ToolOption = {
  flag: 'disable-triggers',
  takes: 'nothing',
  group: 'output',
  summary: 'disable triggers during data-only restore',
};

/** What is left out, in the words of dumping or restoring. The statistics rows are pg_dump 18's. */
export function leftOut(verb: 'dump' | 'restore'): ToolOption[] {
  const what = (flag: string, summary: string, since?: number): ToolOption => ({
    flag,
    takes: 'nothing',
    since,
    group: 'content',
    summary: `do not ${verb} ${summary}`,
  });
  return [
    what('no-comments', 'comment commands'),
    what('no-policies', 'row security policies', 18),
    what('no-publications', 'publications'),
    what('no-security-labels', verb === 'dump' ? 'security label assignments' : 'security labels'),
    what('no-subscriptions', 'subscriptions'),
    what('no-table-access-method', 'table access methods', 15),
    what('no-tablespaces', 'tablespace assignments'),
    { ...what('no-data', 'data', 18), excludes: ['data-only'] },
    { ...what('no-schema', 'schema', 18), excludes: ['schema-only'] },
    { ...what('no-statistics', 'statistics', 18), excludes: ['statistics', 'statistics-only'] },
    {
      flag: 'statistics',
      takes: 'nothing',
      since: 18,
      group: 'content',
      summary: `${verb} the statistics`,
      excludes: ['schema-only', 'data-only', 'no-statistics'],
    },
    {
      flag: 'statistics-only',
      takes: 'nothing',
      since: 18,
      group: 'content',
      summary: `${verb} only the statistics, not schema or data`,
      excludes: ['schema-only', 'data-only', 'no-statistics'],
    },
  ];
}

/** How rows are written, of pg_dump and pg_dumpall. */
export const rowStyle: ToolOption[] = [
  {
    flag: 'inserts',
    takes: 'nothing',
    group: 'output',
    summary: 'dump data as INSERT commands, rather than COPY',
  },
  {
    flag: 'column-inserts',
    takes: 'nothing',
    group: 'output',
    summary: 'dump data as INSERT commands with column names',
  },
  {
    flag: 'rows-per-insert',
    takes: 'number',
    min: 1,
    since: 12,
    group: 'output',
    summary: 'number of rows per INSERT; implies --inserts',
  },
  {
    flag: 'on-conflict-do-nothing',
    takes: 'nothing',
    since: 12,
    needs: ['inserts', 'column-inserts', 'rows-per-insert'],
    group: 'output',
    summary: 'add ON CONFLICT DO NOTHING to INSERT commands',
  },
  {
    flag: 'disable-dollar-quoting',
    takes: 'nothing',
    group: 'output',
    summary: 'disable dollar quoting, use SQL standard quoting',
  },
  {
    flag: 'extra-float-digits',
    takes: 'number',
    min: -15,
    max: 3,
    since: 12,
    group: 'output',
    summary: 'override default setting for extra_float_digits',
  },
  {
    flag: 'load-via-partition-root',
    takes: 'nothing',
    since: 11,
    group: 'output',
    summary: 'load partitions via the root table',
  },
  {
    flag: 'quote-all-identifiers',
    takes: 'nothing',
    group: 'output',
    summary: 'quote all identifiers, even if not key words',
  },
];

/** Further rows that pg_dump and pg_dumpall have alike. */
export const dumping: ToolOption[] = [
  {
    flag: 'lock-wait-timeout',
    takes: 'text',
    match: '\\d+(\\.\\d+)?\\s*(us|ms|s|min|h|d)?',
    group: 'running',
    summary: 'fail after waiting TIMEOUT for a table lock',
  },
  {
    flag: 'no-sync',
    takes: 'nothing',
    since: 10,
    group: 'running',
    summary: 'do not wait for changes to be written safely to disk',
  },
  {
    flag: 'binary-upgrade',
    takes: 'nothing',
    group: 'output',
    summary: 'for use by upgrade utilities only',
    managed: 'Such a dump can only be used by pg_upgrade.',
  },
  {
    flag: 'encoding',
    short: 'E',
    takes: 'text',
    group: 'output',
    summary: 'dump the data in encoding ENCODING',
  },
  {
    flag: 'no-toast-compression',
    takes: 'nothing',
    since: 14,
    group: 'content',
    summary: 'do not dump TOAST compression methods',
  },
  {
    flag: 'no-unlogged-table-data',
    takes: 'nothing',
    group: 'content',
    summary: 'do not dump unlogged table data',
  },
  {
    flag: 'sequence-data',
    takes: 'nothing',
    since: 18,
    group: 'content',
    summary: 'include sequence data in dump',
  },
];

/** Of the programs that write a backup manifest. */
export const manifestChecksums: ToolOption = {
  flag: 'manifest-checksums',
  takes: 'choice',
  choices: ['CRC32C', 'SHA224', 'SHA256', 'SHA384', 'SHA512', 'NONE'],
  excludes: ['no-manifest'],
  group: 'content',
  summary: 'use algorithm for manifest checksums',
};

export const syncMethod = (since: number): ToolOption => ({
  flag: 'sync-method',
  takes: 'choice',
  choices: ['fsync', 'syncfs'],
  since,
  group: 'running',
  summary: 'set method for syncing files to disk',
});
