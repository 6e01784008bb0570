import * as l10n from '@vscode/l10n';
import { RestorePointError, type ErrorFacts } from '../../errors';
import { hbaLine } from '../../backup';
import type { ToolStep } from '../../plan';
import { diskFull, unwritable } from '../../fileFailure';

type Facts = Pick<ErrorFacts, 'code' | 'what' | 'next'> & Partial<ErrorFacts>;

interface Rule {
  text: RegExp;
  facts(found: RegExpExecArray, step: ToolStep): Facts | RestorePointError;
}

const lostNext = (): string =>
  l10n.t('Check that the server runs and can be reached, then try again; nothing half-made was kept.');

/** What a client program's last words mean: one row each, the first that fits wins. English (LC_MESSAGES=C). */
const rules: Rule[] = [
  {
    // The server's own complaint, as against the program's.
    text: /ERROR: .*(?:No space left on device|Disk quota exceeded|wrote only \d+ of \d+ bytes)|(?:could not extend file|could not write to file "(?:base|pg_)).*No space left on device/,
    facts: ([why]) => ({
      ...diskFull(null, why).facts(),
      what: l10n.t('The disk of the server is full.'),
      next: l10n.t('Make room on the server, then try again.'),
    }),
  },
  {
    text: /.*(?:No space left on device|Disk quota exceeded).*/,
    facts: ([why], step) => diskFull(step.writes ?? step.stdout ?? null, why),
  },
  {
    text: /could not (?:open|create) (?:output file|directory) .*(?:Permission denied|Read-only file system)/,
    facts: ([why], step) => unwritable(step.writes ?? '', why),
  },
  {
    text: /permission denied (?:for|to) (?:(?:large object|[a-z ]+?) )?(.+)/,
    facts: ([whole], step) => ({
      code: 'right.missing',
      what: l10n.t('A right is missing for "{0}": {1}.', step.title, whole),
      next: l10n.t('Have the right granted, connect as another role, or leave the object out.'),
      sqlState: '42501',
      remedies: [{ do: 'editConnection' }, { do: 'showLog' }, { do: 'retry' }],
    }),
  },
  {
    text: /aborting because of server version mismatch/,
    facts: (_found, step) => ({
      code: 'tool.tooOld',
      what: l10n.t('{0} {1} is older than the server.', step.tool, step.build.version.text),
      next: l10n.t('Install client programs of the version of the server, or a newer one.'),
      remedies: [{ do: 'installTools' }, { do: 'addToolFolder' }],
    }),
  },
  {
    text: /.*no pg_hba\.conf entry for replication.*/,
    facts: ([why]) => ({
      code: 'basebackup.hba',
      what: l10n.t('The server lets nobody in for replication from here.'),
      next: l10n.t(
        'Add this line to pg_hba.conf and reload: {0}',
        hbaLine(why, /user "([^"]+)"/.exec(why)?.[1] ?? ''),
      ),
      sqlState: '28000',
      remedies: [{ do: 'editConnection' }, { do: 'retry' }],
    }),
  },
  {
    text: /must be superuser or replication role|permission denied to start WAL sender/,
    facts: () => ({
      code: 'basebackup.right',
      what: l10n.t('The role may not replicate, and a base backup needs that.'),
      next: l10n.t('Have it granted by a superuser: ALTER ROLE … REPLICATION;'),
      sqlState: '42501',
      remedies: [{ do: 'editConnection' }, { do: 'retry' }],
    }),
  },
  {
    text: /number of requested standby connections exceeds max_wal_senders/,
    facts: () => ({
      code: 'basebackup.walSenders',
      what: l10n.t('All WAL senders of the server are in use.'),
      next: l10n.t(
        'Wait until another backup or standby is done, or raise max_wal_senders (needs a restart).',
      ),
      sqlState: '53300',
      remedies: [{ do: 'retry' }],
    }),
  },
  {
    text: /requested WAL segment \S+ has already been removed|could not find any WAL files|could not find WAL file/,
    facts: () => ({
      code: 'basebackup.walRemoved',
      what: l10n.t('The server recycled WAL that the backup needs before it was taken.'),
      next: l10n.t('Stream the WAL (--wal-method=stream), or raise wal_keep_size.'),
      remedies: [{ do: 'retry' }],
    }),
  },
  {
    text: /WAL summaries are required on timeline .*|.*(?:system identifier in backup manifest|manifest system identifier) is .*|.*(?:could not parse backup manifest|manifest checksum mismatch).*/,
    facts: () => ({
      code: 'basebackup.parent',
      what: l10n.t('The server cannot make an incremental backup against this parent.'),
      next: l10n.t('Verify the parent, choose another one, or make a full backup.'),
      remedies: [{ do: 'showLog' }],
    }),
  },
  {
    text: /checksum verification failure|checksum error occurred/,
    facts: () => ({
      code: 'basebackup.checksums',
      what: l10n.t('The server found damaged pages in its own files while it was backed up.'),
      next: l10n.t(
        'Mend what is named (rebuild an index, restore a table from an older backup), or take the backup with --no-verify-checksums: the damage is in it then. What is not named is in the log.',
      ),
      remedies: [{ do: 'showLog' }],
    }),
  },
  {
    text: /the standby was promoted during online backup/,
    facts: () => ({
      code: 'basebackup.promoted',
      what: l10n.t('The standby was promoted while it was backed up: such a backup is not consistent.'),
      next: l10n.t('Start the backup again.'),
      remedies: [{ do: 'retry' }],
    }),
  },
  {
    text: /password authentication failed|no password supplied/,
    facts: () => ({
      code: 'connection.password',
      what: l10n.t('The server does not accept the password.'),
      next: l10n.t('Enter the right password.'),
      remedies: [{ do: 'enterPassword' }, { do: 'retry' }],
    }),
  },
  {
    text: /database "(.+)" does not exist/,
    facts: ([, name = '']) => ({
      code: 'connection.database',
      what: l10n.t('There is no database {0}.', name),
      next: l10n.t('Check the name of the database.'),
      remedies: [{ do: 'editConnection' }],
    }),
  },
  {
    text: /canceling statement due to lock timeout/,
    facts: () => ({
      code: 'lock.timeout',
      what: l10n.t('A table was locked by someone else for longer than the lock timeout.'),
      next: l10n.t('Try again when the other session is done, or wait longer for locks.'),
      remedies: [{ do: 'retry' }],
    }),
  },
  {
    text: /no matching (\w+(?: \w+)?) (?:were|was) found/,
    facts: () => ({
      code: 'tool.noMatch',
      what: l10n.t('Nothing matches the names or patterns.'),
      next: l10n.t('Check the names of the schemas and tables.'),
    }),
  },
  {
    text: new RegExp(
      [
        'server closed the connection unexpectedly',
        'terminating connection',
        'connection to server .* failed',
        'could not connect to server',
        'unexpected termination of replication stream',
        'could not (?:read|receive) (?:COPY data|data from WAL stream)',
        'background process terminated unexpectedly',
        'could not get COPY data stream',
        'could not (?:receive data from|send data to) (?:the )?server',
        'SSL SYSCALL error',
        'no connection to the server',
        'connection to server was lost',
        'the database system is (?:starting up|shutting down|in recovery)',
      ].join('|'),
    ),
    facts: () => ({
      code: 'connection.lost',
      what: l10n.t('The connection to the server was lost.'),
      next: lostNext(),
      remedies: [{ do: 'testConnection' }, { do: 'retry' }],
    }),
  },
];

/** A client program's failure in three parts, from its exit code and the end of its standard error. */
export function explainToolFailure(
  step: ToolStep,
  ended: { exitCode: number; signal: string | null; stderrTail: string },
): RestorePointError {
  const said = errorLines(ended.stderrTail);
  const why = said.join('\n') || lastLine(ended.stderrTail);
  // First among the complaints, then anywhere: a lost connection is sometimes told on a line of its own.
  for (const text of [said.join('\n'), ended.stderrTail])
    for (const rule of rules) {
      const found = rule.text.exec(text);
      if (!found) continue;
      const facts = rule.facts(found, step);
      return facts instanceof RestorePointError ? facts : new RestorePointError({ why, ...facts });
    }
  return new RestorePointError({
    code: 'tool.failed',
    what: ended.signal
      ? l10n.t('{0} was ended by the signal {1}.', step.tool, ended.signal)
      : l10n.t('{0} failed with exit code {1}.', step.tool, ended.exitCode),
    why,
    next: l10n.t('Read the log, mend the cause, then try again.'),
    remedies: [{ do: 'showLog' }, { do: 'retry' }],
  });
}

/** The complaints among a tool's lines, each with its detail and hint lines. */
function errorLines(tail: string): string[] {
  const lines: string[] = [];
  let taking = false;
  for (const line of tail.split('\n')) {
    if (/^\S+: (?:error|fatal):|(?:^|: )(?:ERROR|FATAL|PANIC):/.test(line)) taking = true;
    else if (/^\S+: (?!detail:|hint:)|^psql:/.test(line)) taking = false;
    if (taking) lines.push(line);
  }
  return lines.slice(-20);
}

function lastLine(tail: string): string {
  return tail.trimEnd().split('\n').at(-1) ?? '';
}
