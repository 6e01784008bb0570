import * as l10n from '@vscode/l10n';
import { formatBytes, formatDuration } from '../../format';
import { quoteIdent } from '../../quote';
import { slotNotice } from './slots';
import type {
  ArchivingCondition,
  ArchivingNotice,
  ArchivingReport,
  ArchivingState,
  ServerSetting,
} from './types';

/** The server's own words for a state in which nothing is archived, and for lists. */
export function settingOf(state: ArchivingState, name: string): ServerSetting | undefined {
  return state.settings.find((one) => one.name === name);
}

/** What a state means: its condition, and everything a person should know, the worst first. Pure. */
export function reportArchiving(state: ArchivingState, options: { mostHeld?: number } = {}): ArchivingReport {
  const condition = conditionOf(state);
  const rank = { error: 0, warning: 1, info: 2 };
  const notices = [
    ...conditionNotices(state, condition),
    ...state.slots.flatMap((slot) => slotNotice(slot, options.mostHeld) ?? []),
    ...waitingNotices(state, condition),
    ...settingNotices(state, condition),
    ...rightNotices(state),
  ].sort((a, b) => rank[a.level] - rank[b.level]);
  return { condition, text: textOf(state, condition), notices, state };
}

function conditionOf(state: ArchivingState): ArchivingCondition {
  const { archiver, inRecovery } = state;
  const mode = settingOf(state, 'archive_mode');
  const isSet = ['archive_command', 'archive_library'].some((name) => settingOf(state, name)?.value);
  if (mode?.value === 'off') return mode.pending !== undefined && mode.pending !== 'off' ? 'restart' : 'off';
  if (inRecovery && mode?.value !== 'always') return 'standby';
  if (!isSet) return 'noCommand';
  if (archiver.failing) return 'failing';
  return archiver.lastArchived === null ? 'waiting' : 'working';
}

function textOf({ archiver, inRecovery }: ArchivingState, condition: ArchivingCondition): string {
  switch (condition) {
    case 'off':
      return l10n.t('Nothing is archived: archive_mode is off.');
    case 'standby':
      return l10n.t(
        'It is a standby: its primary archives, and this server does when it is promoted. With archive_mode = always it archives, too.',
      );
    case 'restart':
      return l10n.t('Archiving is set up, and begins when the server is restarted.');
    case 'noCommand':
      return l10n.t('Archiving is on, and nothing says how.');
    case 'failing':
      return l10n.t('The archiver fails.');
    case 'waiting':
      return l10n.t('Archiving is on; nothing was archived yet.');
    case 'working': {
      const last = [archiver.lastArchived ?? '', ageText(archiver.lastArchivedAge)];
      return inRecovery
        ? l10n.t('The standby archives: last {0}, {1} ago.', ...last)
        : l10n.t('WAL is archived: last {0}, {1} ago.', ...last);
    }
  }
}

/** Seconds as text. */
export function ageText(seconds: number | null): string {
  return seconds === null ? '–' : formatDuration(Math.max(0, seconds) * 1000);
}

function conditionNotices(state: ArchivingState, condition: ArchivingCondition): ArchivingNotice[] {
  const { archiver, waiting } = state;
  if (condition === 'noCommand')
    return [
      {
        code: 'archiving.noCommand',
        level: 'error',
        text: l10n.t(
          'Neither archive_command nor archive_library is set: pg_wal grows until the disk is full.',
        ),
        next: l10n.t('Set archive_command (restore-point wal setup), and reload.'),
      },
    ];
  if (condition !== 'failing') return [];
  const files = waiting?.files ?? null;
  return [
    {
      code: 'archiving.failing',
      level: 'error',
      text: [
        l10n.t(
          'The archiver could not archive {0}, {1} ago',
          archiver.lastFailed ?? '',
          ageText(archiver.lastFailedAge),
        ),
        archiver.lastArchivedAge === null
          ? l10n.t('nothing was archived yet.')
          : l10n.t('the last success was {0} ago.', ageText(archiver.lastArchivedAge)),
      ].join('; '),
      next: [
        ...(files ? [l10n.t('Files that wait: {0}.', files)] : []),
        l10n.t("The server's log has what the command said; mend that, the server tries again by itself."),
      ].join(' '),
    },
  ];
}

/** What a crash of the machine would lose now. */
function waitingNotices(state: ArchivingState, condition: ArchivingCondition): ArchivingNotice[] {
  const { waiting, notArchived, segmentBytes } = state;
  if (condition !== 'working') return [];
  if (waiting && waiting.files > 3)
    return [
      {
        code: 'archiving.waiting',
        level: 'warning',
        text: l10n.t(
          '{0} files wait to be archived, the first of them for {1}.',
          waiting.files,
          ageText(waiting.oldestAge),
        ),
        next: l10n.t('The command is slower than WAL is written, or hangs.'),
      },
    ];
  // Where the files may not be counted, the place tells.
  if (!waiting && notArchived !== null && notArchived > 4 * segmentBytes)
    return [
      {
        code: 'archiving.behind',
        level: 'warning',
        text: l10n.t('{0} of WAL are not archived yet.', formatBytes(notArchived)),
        next: l10n.t('The command is slower than WAL is written, or hangs.'),
      },
    ];
  return [];
}

function settingNotices(state: ArchivingState, condition: ArchivingCondition): ArchivingNotice[] {
  const found: ArchivingNotice[] = [];
  const value = (name: string): string | null => settingOf(state, name)?.value ?? null;
  const waits = state.settings.filter(({ pending }) => pending !== undefined).map(({ name }) => name);
  if (waits.length)
    found.push({
      code: 'archiving.restart',
      level: 'warning',
      text: l10n.t('These settings were changed, and wait for a restart: {0}.', waits.join(', ')),
      next: l10n.t('Restart the server.'),
    });
  if (condition === 'off') return found;
  if (value('archive_command') && value('archive_library'))
    found.push({
      code: 'archiving.both',
      level: 'warning',
      text: l10n.t('Both archive_command and archive_library are set: from 16 on that is an error.'),
      next: l10n.t('Empty one of them.'),
    });
  if (value('archive_timeout') === '0' && !state.inRecovery)
    found.push({
      code: 'archiving.timeout',
      level: 'info',
      text: l10n.t(
        'A segment is archived when it is full (archive_timeout = 0): on a quiet server the last changes wait for hours.',
      ),
      next: l10n.t('Set archive_timeout, to a minute for example.'),
    });
  return found;
}

function rightNotices({ rights, user }: ArchivingState): ArchivingNotice[] {
  const what: Record<string, string> = {
    waiting: l10n.t('how many files wait to be archived'),
    wal: l10n.t('how large pg_wal is'),
    files: l10n.t('what a restart will change'),
  };
  const groups = [...new Set(rights.map(({ needs }) => needs))];
  return groups.map((needs) => ({
    code: 'archiving.right',
    level: 'info',
    text: l10n.t(
      'The role "{0}" may not see {1}.',
      user,
      rights
        .filter((one) => one.needs === needs)
        .map(({ of }) => what[of])
        .join(', '),
    ),
    next:
      needs === 'pg_monitor'
        ? l10n.t('Have it granted by a superuser: GRANT pg_monitor TO {0};', quoteIdent(user))
        : l10n.t('Ask as a superuser.'),
  }));
}
