import type { Client } from 'pg';
import { join } from 'node:path/posix';
import { setTimeout as sleep } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import { isDatabaseError, reasonOf } from '../../connections';
import { RestorePointError } from '../../errors';
import { quoteIdent, quoteLiteral } from '../../quote';
import { quoteWord } from '../../tools';
import { refuseLines } from './command';
import { settingOf } from './report';
import type { ArchivingNotice, ArchivingSetup, ArchivingState, SettingChange } from './types';

export interface SetupOptions {
  /** Value of `archive_command`. */
  command: string;
  /** Longest a segment waits until it is full, as the setting has it. */
  timeout?: string;
  /** Where the server's programs are and its files, for the command that restarts it. */
  directory?: string | null;
}

const defaultTimeout = '1min';

/** What has to change so that a server archives by a command, and the statements for it. Pure; throws `archiving.path`. */
export function planArchiving(state: ArchivingState, options: SetupOptions): ArchivingSetup {
  refuseLines(options.command);
  const wanted = wantedSettings(state, options);
  const changes: SettingChange[] = wanted.flatMap(([name, then]) => {
    const found = settingOf(state, name);
    if (!found) return [];
    // What waits for a restart already need not be said again.
    if ((found.pending ?? found.value) === then) return [];
    const reason = outOfReach(state, name);
    return [
      {
        name,
        now: found.value,
        then,
        needs: found.needsRestart ? ('restart' as const) : ('reload' as const),
        ...(reason === null ? {} : { outOfReach: reason }),
      },
    ];
  });
  const reachable = changes.filter((change) => change.outOfReach === undefined);
  const statements = reachable.map(
    ({ name, then }) => `ALTER SYSTEM SET ${name} = ${quoteLiteral(then).trim()}`,
  );
  if (reachable.length) statements.push('SELECT pg_reload_conf()');
  const waits = state.settings.some(({ pending }) => pending !== undefined);
  const directory = options.directory ?? null;
  return {
    changes,
    statements,
    restart: waits || changes.some(({ needs }) => needs === 'restart'),
    restartCommand: directory === null ? null : `pg_ctl restart -D ${quoteWord(directory)} -m fast`,
    notices: setupNotices(state, changes),
  };
}

function wantedSettings(state: ArchivingState, { command, timeout }: SetupOptions): [string, string][] {
  const value = (name: string): string | null => settingOf(state, name)?.value ?? null;
  const mode = value('archive_mode');
  const wanted: [string, string][] = [];
  if (value('wal_level') === 'minimal') wanted.push(['wal_level', 'replica']);
  // A standby archives with `always` only; on a primary that is as good as `on`.
  if (state.inRecovery ? mode !== 'always' : mode !== 'on' && mode !== 'always')
    wanted.push(['archive_mode', state.inRecovery ? 'always' : 'on']);
  wanted.push(['archive_command', command]);
  if (value('archive_library')) wanted.push(['archive_library', '']);
  if (timeout !== undefined || value('archive_timeout') === '0')
    wanted.push(['archive_timeout', timeout ?? defaultTimeout]);
  return wanted;
}

/** Why ALTER SYSTEM does not change a setting; null when it does. */
function outOfReach(state: ArchivingState, name: string): string | null {
  const { source, mayAlter } = settingOf(state, name)!;
  if (source === 'command line')
    return l10n.t(
      'It is given on the command line of the server, which wins over ALTER SYSTEM: change how the server is started.',
    );
  if (source === 'environment variable')
    return l10n.t('It comes from the environment of the server: change how the server is started.');
  if (!state.allowsAlterSystem)
    return l10n.t('The server allows no ALTER SYSTEM (allow_alter_system = off): set it in postgresql.conf.');
  if (!mayAlter)
    return state.major >= 15
      ? l10n.t(
          'The role "{0}" may not set it: GRANT ALTER SYSTEM ON PARAMETER {1} TO {2};',
          state.user,
          name,
          quoteIdent(state.user),
        )
      : l10n.t('Only a superuser may set it.');
  return null;
}

function setupNotices(state: ArchivingState, changes: SettingChange[]): ArchivingNotice[] {
  const found: ArchivingNotice[] = [];
  const command = changes.find(({ name }) => name === 'archive_command');
  if (command?.now)
    found.push({
      code: 'setup.replaces',
      level: 'warning',
      text: l10n.t('The server archives by another command, which is replaced: {0}', command.now),
      next: l10n.t('What it archived stays where it is; base backups before need that WAL.'),
    });
  if (settingOf(state, 'archive_library')?.value)
    found.push({
      code: 'setup.library',
      level: 'warning',
      text: l10n.t(
        'The server archives by the library "{0}", which is replaced.',
        settingOf(state, 'archive_library')!.value!,
      ),
      next: l10n.t('What it archived stays where it is; base backups before need that WAL.'),
    });
  return found;
}

/** Where the server keeps its files; null where the role may not ask. */
export async function dataDirectory(client: Client): Promise<string | null> {
  try {
    const { rows } = await client.query<{ value: string }>(
      `select pg_catalog.current_setting('data_directory') as value`,
    );
    return rows[0]?.value === undefined ? null : join(rows[0].value);
  } catch {
    return null;
  }
}

/** Longest that is waited for a reload to be in force. */
const reloadMs = 5000;

/**
 * Runs the statements one by one, and waits until the new values are in force. The server checks each value; a failure leaves
 * those before it, which is told. Throws `archiving.setup`.
 */
export async function applyArchiving(client: Client, { statements }: ArchivingSetup): Promise<void> {
  const before = await loadedAt(client);
  for (const [index, statement] of statements.entries())
    try {
      await client.query(statement);
    } catch (error) {
      if (!isDatabaseError(error)) throw error;
      throw new RestorePointError(
        {
          code: 'archiving.setup',
          what: l10n.t('The server refused: {0}', statement),
          why: reasonOf(error),
          next: index
            ? l10n.t('{0} statements before it were run; mend the cause, and run it again.', index)
            : l10n.t('Nothing was changed. Mend the cause, and run it again.'),
          sqlState: error.code!,
        },
        { cause: error },
      );
    }
  if (!statements.length) return;
  // A session reads the new configuration between two of its statements, when the signal has come.
  const began = performance.now();
  while ((await loadedAt(client)) === before && performance.now() - began < reloadMs) await sleep(50);
}

async function loadedAt(client: Client): Promise<string> {
  const { rows } = await client.query<{ at: string }>('select pg_catalog.pg_conf_load_time()::text as at');
  return rows[0]!.at;
}
