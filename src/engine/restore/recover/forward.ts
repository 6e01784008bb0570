import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import {
  chooseWindow,
  parseLsn,
  readWalArchive,
  recoveryWindows,
  WalFolder,
  type BackupSet,
  type RecoveryTarget,
  type RecoveryWindow,
  type WalArchive,
} from '../../physical';
import type { Plan } from '../../plan';
import { connectionTo, sideFiles, type SideFacts } from './facts';
import { isNamed, meet } from './meet';
import { replayedTo } from './plan';
import { serverTarget } from './serverTarget';
import { targetSettings } from './settings';
import { ownBuild } from './side';
import { sideStatus, type SideStatus } from './status';
import { targetText } from './target';
import type { RecoveryContext } from './types';

/** Where a recovered cluster is to go on to. */
export interface ForwardRequest {
  directory: string;
  target: RecoveryTarget;
  exclusive?: boolean;
}

/**
 * What moving a recovered cluster on to a later target will do: it is stopped, given the target, and started, and replays on. Refused
 * beforehand: a target that lies behind it, one that the archive does not reach, a cluster that was opened for writing.
 *
 * @throws `recovery.notOurs`, `recovery.promoted`, `recovery.behind`, `recovery.unreachable`, `recovery.nothing`, `recovery.time`
 */
export async function planForward(
  { directory, target, exclusive = false }: ForwardRequest,
  context: Omit<RecoveryContext, 'fetchCommand'>,
): Promise<Plan> {
  const { signal } = context;
  const folder = resolve(directory);
  const status = await sideStatus(folder, signal ? { signal } : {});
  if (status.promoted) throw promoted(folder);
  refuseBehind(status, target, exclusive);
  const window = await ahead(status, target, signal);
  const told = await serverTarget({ target, exclusive }, window, status.wal, signal);
  if (!told) throw nothingAhead(target, window);
  const build = await ownBuild(folder, context);
  const { wal, backup, port, socketFolder, user, timeline } = status;
  const known: SideFacts = { wal, backup, port, socketFolder, user, timeline, target, exclusive };
  return {
    version: 1,
    kind: 'restoreFiles',
    title: l10n.t('Move {0} on to {1}', folder, targetText(target)),
    connections: { recovered: connectionTo(known) },
    steps: [
      ...(status.running
        ? [
            {
              ...{ do: 'controlCluster' as const, weight: 1_000_000, build, folder, action: 'stop' as const },
              title: l10n.t('Stop the cluster'),
            },
          ]
        : []),
      {
        do: 'setTarget',
        title: l10n.t('Set the target'),
        weight: 1,
        folder,
        settings: targetSettings(told.target, { exclusive: told.exclusive, timeline }),
        files: sideFiles(known),
      },
      {
        do: 'startDirectory',
        title: l10n.t('Start the cluster'),
        weight: 5_000_000,
        ...{ build, folder, port, socketFolder, onlyOwner: true },
      },
      {
        do: 'reachTarget',
        title: l10n.t('Replay the WAL'),
        weight: 20_000_000,
        connection: 'recovered',
        database: 'postgres',
        folder,
        from: window.from.lsn,
        to: replayedTo(told.target, window),
        pauses: target.kind !== 'latest',
      },
    ],
    onFailure: [],
    locks: [{ server: 'folder', database: folder }],
    destroys: [],
    ifItFails: l10n.t(
      'The cluster in "{0}" is stopped then; it can be moved on to another target, or removed.',
      folder,
    ),
    wayBack: l10n.t('Nothing leads back to an earlier moment: recover again into another folder.'),
    warnings: [],
    checked: [
      {
        code: 'recovery.window',
        text: l10n.t(
          'It stands at {0}; the WAL reaches to {1}, {2}.',
          window.from.lsn,
          window.to.lsn,
          window.to.time,
        ),
      },
      ...(told.note === null ? [] : [{ code: 'recovery.lastCommit', text: told.note }]),
    ],
    estimate: { bytes: null, freeBytes: null, durationMs: null, basis: '' },
    facts: {
      directory: folder,
      target: targetText(target),
      exclusive,
      timeline,
      from: window.from.lsn,
      to: window.to.lsn,
    },
  };
}

function promoted(folder: string): RestorePointError {
  return new RestorePointError({
    code: 'recovery.promoted',
    what: l10n.t('The cluster in "{0}" was opened for writing: it replays nothing any more.', folder),
    why: '',
    next: l10n.t('Recover again into another folder.'),
  });
}

/** The cluster as it stands is as a full backup that ended there: what lies ahead of it is told in the same way. */
async function ahead(
  status: SideStatus,
  target: RecoveryTarget,
  signal: AbortSignal | undefined,
): Promise<RecoveryWindow> {
  const { wal, timeline, directory, replayed } = status;
  const options = signal ? { signal } : {};
  const archive = wal === null ? null : await readWalArchive(new WalFolder(wal), options);
  const windows =
    archive && replayed.lsn !== null
      ? recoveryWindows([standing(status, archive)], archive, () => false)
      : [];
  const window = chooseWindow(windows, { target, timeline, from: directory });
  if (!isNamed(target)) return window;
  // A transaction or a name that the WAL ahead does not have would end the cluster instead.
  const [from, to] = [window.from.lsn, window.to.lsn];
  if (await meet(wal!, target, { timeline, from, to }, signal)) return window;
  throw unreachable(target, l10n.t('The WAL from {0} to {1} does not have it.', from, to));
}

function standing({ directory, replayed, timeline }: SideStatus, archive: WalArchive): BackupSet {
  const lsn = replayed.lsn!;
  const history = archive.timelines.find((line) => line.timeline === timeline)?.history ?? [];
  const own = history.find((entry) => parseLsn(entry.lsn) > parseLsn(lsn))?.timeline ?? timeline;
  const time = replayed.time ?? new Date(0).toISOString();
  return {
    ...{
      id: '',
      where: directory,
      keeper: 'recovered',
      level: 'full',
      parent: null,
      label: '',
      bytes: 0,
      evidence: null,
    },
    ...{ systemIdentifier: archive.systemIdentifier, timeline: own, startLsn: lsn, stopLsn: lsn },
    ...{ startedAt: time, stoppedAt: time, serverVersion: null, major: null },
  };
}

function nothingAhead(target: RecoveryTarget, { from, to }: RecoveryWindow): RestorePointError {
  return unreachable(target, l10n.t('No transaction was committed from {0} to {1}.', from.lsn, to.lsn));
}

function unreachable(target: RecoveryTarget, why: string): RestorePointError {
  return new RestorePointError({
    code: 'recovery.unreachable',
    what: l10n.t('{0} cannot be reached.', targetText(target)),
    why,
    next: l10n.t('See restore-point wal events. What lies behind takes another recovery.'),
  });
}

/** What was replayed cannot be taken back. */
function refuseBehind({ replayed, directory }: SideStatus, target: RecoveryTarget, exclusive: boolean): void {
  const { lsn, time } = replayed;
  const isBehind =
    target.kind === 'immediate' ||
    // The place that was replayed to is the end of the last record: the next one begins there.
    (target.kind === 'lsn' &&
      lsn !== null &&
      (exclusive ? parseLsn(target.lsn) <= parseLsn(lsn) : parseLsn(target.lsn) < parseLsn(lsn))) ||
    (target.kind === 'time' && time !== null && Date.parse(target.time) < Date.parse(time));
  if (!isBehind) return;
  throw new RestorePointError({
    code: 'recovery.behind',
    what: l10n.t('{0} lies behind what the cluster in "{1}" has replayed.', targetText(target), directory),
    why: l10n.t('It stands at {0}, {1}.', lsn ?? '?', time ?? l10n.t('before any transaction')),
    next: l10n.t('Choose a later moment, or recover again into another folder.'),
  });
}
