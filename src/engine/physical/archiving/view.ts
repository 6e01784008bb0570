import { basename } from 'node:path/posix';
import * as l10n from '@vscode/l10n';
import { formatBytes, formatDuration } from '../../format';
import type { WalArchive } from '../wal/types';
import { ageText, settingOf } from './report';
import { slotNotice } from './slots';
import type { ArchivingNotice, ArchivingReport, ArchivingSetup, ArchivingState } from './types';
import { archiveWindow } from './window';

/** Days of an archive that are shown. */
const mostDays = 14;
/** Gaps that are named. */
const mostGaps = 10;

type Line = [label: string, value: string];

/** How a server archives, as the page shows it: sentences and words, nothing left to look up. */
export interface ArchivingView {
  text: string;
  level: 'ok' | ArchivingNotice['level'];
  notices: Pick<ArchivingNotice, 'level' | 'text' | 'next'>[];
  facts: Line[];
  settings: {
    name: string;
    now: string;
    /** What it becomes; null where it stays. */
    then: string | null;
    /** What changing it needs, or where it comes from. */
    note: string;
    warning: string | null;
  }[];
  /** Null while no folder was chosen. */
  setup: {
    command: string;
    /** Ready to be run, with semicolons; empty where nothing has to change. */
    statements: string;
    restart: string | null;
    restartCommand: string | null;
    notices: Pick<ArchivingNotice, 'level' | 'text' | 'next'>[];
  } | null;
  slots: { name: string; use: string; held: string; status: string; warning: ArchivingNotice | null }[];
  archive: ArchiveView | null;
  canTest: boolean;
}

/** A folder of WAL. */
export interface ArchiveView {
  folder: string;
  facts: Line[];
  gaps: string[];
  /** The newest days, the oldest first; `share` of the largest, 0 … 1. */
  days: { day: string; size: string; segments: number; share: number }[];
}

/** Pure. `setup` belongs to the command that was asked for; null without one. */
export function viewArchiving(
  report: ArchivingReport,
  setup: { plan: ArchivingSetup; command: string } | null,
  archive: WalArchive | null,
  now = Date.now(),
): ArchivingView {
  const { condition, state, text, notices } = report;
  const worst = notices[0]?.level;
  const isOff = condition === 'off' || condition === 'standby';
  return {
    text,
    level:
      worst === 'error' || worst === 'warning' ? worst : isOff || condition === 'waiting' ? 'info' : 'ok',
    notices,
    facts: factsOf(state),
    settings: settingsOf(state, setup?.plan ?? null),
    setup: setup && {
      command: setup.command,
      statements: setup.plan.statements.map((statement) => `${statement};`).join('\n'),
      restart: setup.plan.restart
        ? setup.plan.statements.length
          ? l10n.t('After that the server has to be restarted.')
          : l10n.t('The server has to be restarted.')
        : null,
      restartCommand: setup.plan.restart ? setup.plan.restartCommand : null,
      notices: setup.plan.notices,
    },
    slots: state.slots.map((slot) => ({
      name: slot.name,
      use: [
        slot.kind === 'physical' ? l10n.t('physical') : l10n.t('logical, {0}', slot.database ?? ''),
        slot.active ? l10n.t('in use') : l10n.t('unused'),
      ].join(' · '),
      held: slot.held === null ? '–' : formatBytes(slot.held),
      status: statusText(slot.walStatus),
      warning: slotNotice(slot),
    })),
    archive: archive && archiveView(archive, now),
    canTest: !state.inRecovery && !['off', 'restart', 'noCommand', 'standby'].includes(condition),
  };
}

function factsOf(state: ArchivingState): Line[] {
  const { archiver, waiting, wal, walPerDay, notArchived, senders } = state;
  const ago = (name: string | null, age: number | null): string =>
    name === null ? l10n.t('never') : l10n.t('{0}, {1} ago', name, ageText(age));
  return [
    [l10n.t('Last archived'), ago(archiver.lastArchived, archiver.lastArchivedAge)],
    [l10n.t('Last failure'), ago(archiver.lastFailed, archiver.lastFailedAge)],
    [
      l10n.t('Archived and failed'),
      l10n.t(
        '{0} files, {1} failures',
        archiver.archived.toLocaleString('en'),
        archiver.failed.toLocaleString('en'),
      ),
    ],
    ...(notArchived === null
      ? []
      : ([
          [
            l10n.t('Written since'),
            notArchived === 0
              ? l10n.t('nothing')
              : l10n.t('{0} are not archived yet', formatBytes(notArchived)),
          ],
        ] satisfies Line[])),
    ...(waiting === null
      ? []
      : ([
          [
            l10n.t('Waiting'),
            waiting.files === 0
              ? l10n.t('nothing')
              : waiting.files === 1
                ? l10n.t('one file, for {0}', ageText(waiting.oldestAge))
                : l10n.t('{0} files, the first for {1}', waiting.files, ageText(waiting.oldestAge)),
          ],
        ] satisfies Line[])),
    ...(wal === null
      ? []
      : ([['pg_wal', l10n.t('{0} files, {1}', wal.files, formatBytes(wal.bytes))]] satisfies Line[])),
    ...(walPerDay === null
      ? []
      : ([[l10n.t('Growth'), l10n.t('{0} of WAL a day', formatBytes(walPerDay))]] satisfies Line[])),
    [l10n.t('WAL senders'), l10n.t('{0} of {1} in use', senders.used, senders.most)],
  ];
}

const shown = [
  'wal_level',
  'archive_mode',
  'archive_command',
  'archive_library',
  'archive_timeout',
  'max_wal_senders',
  'max_slot_wal_keep_size',
  'summarize_wal',
];

function settingsOf(state: ArchivingState, setup: ArchivingSetup | null): ArchivingView['settings'] {
  return shown.flatMap((name) => {
    const found = settingOf(state, name);
    if (!found) return [];
    const { value, pending, needsRestart, source, file } = found;
    const change = setup?.changes.find((one) => one.name === name);
    // The name tells postgresql.conf from what ALTER SYSTEM wrote.
    const origin = source === 'configuration file' && file !== null ? basename(file) : source;
    return [
      {
        name,
        now: value || '–',
        then: change ? change.then || "''" : pending === undefined ? null : (pending ?? '?'),
        note:
          pending !== undefined
            ? l10n.t('set, waits for a restart')
            : change
              ? needsRestart
                ? l10n.t('needs a restart')
                : l10n.t('needs a reload')
              : origin,
        warning: change?.outOfReach ?? null,
      },
    ];
  });
}

function statusText(status: string | null): string {
  switch (status) {
    case 'reserved':
      return l10n.t('kept');
    case 'extended':
      return l10n.t('kept, beyond max_wal_size');
    case 'unreserved':
      return l10n.t('about to be lost');
    case 'lost':
      return l10n.t('lost');
    default:
      return status ?? l10n.t('keeps nothing');
  }
}

function archiveView(archive: WalArchive, now: number): ArchiveView {
  const { name, segments, bytes, timelines, gaps, days } = archive;
  const window = archiveWindow(archive);
  const largest = Math.max(1, ...days.map((day) => day.bytes));
  return {
    folder: name,
    facts: [
      ...(window === null
        ? ([[l10n.t('Window'), l10n.t('no segment yet')]] satisfies Line[])
        : ([
            [
              l10n.t('Window'),
              l10n.t(
                '{0}, last {1} ago',
                formatDuration(Date.parse(window.to) - Date.parse(window.from)),
                formatDuration(Math.max(0, now - Date.parse(window.to))),
              ),
            ],
          ] satisfies Line[])),
      [l10n.t('Segments'), l10n.t('{0}, {1} as stored', segments.toLocaleString('en'), formatBytes(bytes))],
      ...(timelines.length > 1
        ? ([[l10n.t('Timelines'), timelines.map(({ timeline }) => timeline).join(', ')]] satisfies Line[])
        : []),
      [l10n.t('Gaps'), gaps.length === 0 ? l10n.t('none') : String(gaps.length)],
    ],
    gaps: gaps
      .slice(0, mostGaps)
      .map(({ first, last, segments: count }) =>
        count === 1
          ? l10n.t('{0} is missing', first)
          : l10n.t('{0} to {1} are missing: {2} segments', first, last, count),
      ),
    days: days.slice(-mostDays).map((day) => ({
      day: day.day,
      size: formatBytes(day.bytes),
      segments: day.segments,
      share: day.bytes / largest,
    })),
  };
}

/** Every text of the page. Made here and not in the shell: the shell is read whole when the editor starts. */
export function archivingTexts() {
  return {
    archiver: l10n.t('Archiver'),
    settings: l10n.t('Settings'),
    setting: l10n.t('Setting'),
    now: l10n.t('Now'),
    then: l10n.t('Then'),
    note: l10n.t('Note'),
    setUp: l10n.t('Set Up…'),
    setUpTitle: l10n.t('What has to be run'),
    nothingToDo: l10n.t('Nothing has to change for archiving into this folder.'),
    command: l10n.t('archive_command'),
    useCommand: l10n.t('Use This Command'),
    restartHint: l10n.t(
      "As the server's user, or by what keeps the server running (systemctl restart postgresql):",
    ),
    test: l10n.t('Test the Archive'),
    testing: l10n.t('Testing the archive…'),
    cancel: l10n.t('Cancel'),
    receive: l10n.t('Receive WAL…'),
    receiving: l10n.t('Receiving WAL'),
    showLog: l10n.t('Show Log'),
    stop: l10n.t('Stop'),
    slots: l10n.t('Replication slots'),
    noSlots: l10n.t('There are none.'),
    slot: l10n.t('Slot'),
    use: l10n.t('Use'),
    held: l10n.t('Holds back'),
    status: l10n.t('Its WAL'),
    archive: l10n.t('Archive folder'),
    noArchive: l10n.t(
      'No folder was chosen: what is in the archive, and how to set it up, is shown for one.',
    ),
    browse: l10n.t('Browse…'),
    useFolder: l10n.t('Use This Folder'),
    unreadable: l10n.t(
      'The folder is not seen from here; set-up works with its path on the machine of the server.',
    ),
    byDay: l10n.t('Size by day'),
    day: l10n.t('Day'),
    segments: l10n.t('Segments'),
    size: l10n.t('Size'),
    refresh: l10n.t('Refresh'),
    copyCommand: l10n.t('Copy'),
    copied: l10n.t('Copied'),
    levels: { error: l10n.t('Error'), warning: l10n.t('Warning'), info: l10n.t('Note'), ok: l10n.t('Fine') },
  };
}

export type ArchivingTexts = ReturnType<typeof archivingTexts>;

/** What the row of an archive in a tree says. */
export function archiveRow(
  glance: { on: boolean; failing: boolean; lastAge: number | null; notice: string | null },
  archive: WalArchive | null,
  now = Date.now(),
): string {
  const window = archive && archiveWindow(archive);
  const lastAge = window ? Math.max(0, now - Date.parse(window.to)) / 1000 : glance.lastAge;
  return [
    ...(glance.failing ? [l10n.t('archiver fails')] : []),
    ...(glance.notice === null ? [] : [glance.notice]),
    ...(glance.on || window ? [] : [l10n.t('archiving is off')]),
    ...(window ? [l10n.t('window {0}', spanText(Date.parse(window.to) - Date.parse(window.from)))] : []),
    ...(lastAge === null ? [] : [l10n.t('last {0} ago', ageText(lastAge))]),
    ...(archive?.gaps.length ? [l10n.t('{0} gaps', archive.gaps.length)] : []),
  ].join(' · ');
}

/** `3 d 4 h`: a window is told more coarsely than a duration. */
function spanText(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  return hours < 48 ? formatDuration(ms) : l10n.t('{0} d {1} h', Math.floor(hours / 24), hours % 24);
}
