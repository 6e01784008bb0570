import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { home } from '../../engine/home';
import { commitAt, WalFolder, type RecoveryTarget, type RecoveryWindow } from '../../engine/physical';
import {
  findWindows,
  planForward,
  planRecovery,
  planSideCluster,
  sideStatus,
  targetText,
  walFetchCommand,
} from '../../engine/restore';
import type { Plan } from '../../engine/plan';
import { common, parse, UsageError, wholeNumber } from '../args';
import { refuseBlocked, showDryRun } from '../before';
import { buildsFor, toolOptions } from '../builds';
import { exitCodes, type ExitCode, type Io, type Verb } from '../io';
import { runHere } from '../job';
import { durationText, note, printable, printResult, table } from '../output';
import { ownCommand } from '../wal/own';
import { copyWay, tablespaceMapping } from '../restore/placing';

const usage = `restore-point recover: a cluster of its own as it was at a moment (point-in-time recovery)

Usage: restore-point recover --target WHEN --into FOLDER --port N [--backups FOLDER…] [--wal FOLDER] …
       restore-point recover --before PLACE --into FOLDER --port N --wal FOLDER [--backups FOLDER…] …
       restore-point recover --windows [--backups FOLDER…] [--wal FOLDER]
       restore-point recover --status FOLDER | --promote FOLDER | --remove FOLDER
       restore-point recover --forward FOLDER --target WHEN

  --target WHEN       latest, immediate (the end of the backup), a time with zone (2026-11-30T14:05:00Z), a place in the WAL
                      (0/3000148), xid:741, or name:before_release (of pg_create_restore_point)
  --before PLACE      just before the transaction that was committed there (restore-point wal events shows places): before it
                      locked what it dropped, so that a cluster that waits there lets it be read
  --exclusive         stop just before it instead of just after it
  --timeline N        on this timeline; default: the newest that leads there
  --backups FOLDER    where base backups are; default: where backups go when none is named. Can be repeated
  --from BACKUP       begin with this one; default: the newest that fits
  --wal FOLDER        the WAL archive; without it only what backups bring with them
  --into FOLDER       the new data directory: missing or empty
  --port N            of the new cluster, which listens on a socket only (--socket-dir, default: in FOLDER)
  --user NAME         a superuser of the original (default postgres)
  --tablespace-mapping OLD=NEW, --copy-method   as restore --into-directory takes them
  --windows           only what can be reached
  --status FOLDER     whether a recovered cluster runs, how far it has replayed, and what its target is
  --forward FOLDER    move a recovered cluster on to a later target: it is stopped, and replays on. What lies behind it, and what
                      the archive does not reach, is refused beforehand
  --promote FOLDER    open a recovered cluster for writing
  --remove FOLDER     stop a recovered cluster and delete it
  --dry-run           show the plan; a moment that cannot be reached is refused here, too
  --tools FOLDER      programs to use; the server programs of the backup's own major release are needed
  --json              --status {directory, running, phase: "stopped" | "replaying" | "paused" | "promoted", promoted,
                      replayed: {lsn, time}, target, exclusive, timeline, backup, wal, port, socketFolder, user}; else
                      {"target", "reached": {time, lsn}, "recovering", "directory", "port", "socketFolder", …};
                      --windows {"windows": [{backup, timeline, from: {time, lsn}, to: {time, lsn}, stopsAt}]}
`;

export const verb: Verb = {
  usage,
  async run(args, io) {
    const { values } = parse({
      args,
      options: {
        ...common,
        ...toolOptions,
        ...{ target: { type: 'string' }, before: { type: 'string' } },
        ...{ exclusive: { type: 'boolean' }, timeline: { type: 'string' } },
        ...{ backups: { type: 'string', multiple: true }, from: { type: 'string' }, wal: { type: 'string' } },
        ...{ into: { type: 'string' }, port: { type: 'string' }, 'socket-dir': { type: 'string' } },
        ...{ user: { type: 'string' }, 'copy-method': { type: 'string' } },
        'tablespace-mapping': { type: 'string', multiple: true },
        ...{ windows: { type: 'boolean' }, promote: { type: 'string' }, remove: { type: 'string' } },
        ...{ forward: { type: 'string' }, status: { type: 'string' } },
        ...{ 'dry-run': { type: 'boolean' }, verbose: { type: 'boolean' } },
      },
    });
    const places = {
      backups: values.backups ?? [home(io.env).backups],
      ...(values.wal === undefined ? {} : { wal: values.wal }),
    };
    if (values.windows) return showWindows(io, await findWindows(places, { signal: io.signal }));
    if (values.status !== undefined) return await showStatus(io, values.status);
    const builds = await buildsFor(io, values);
    if (values.forward !== undefined) {
      const { wal } = await sideStatus(values.forward, { signal: io.signal });
      const choice = await choiceOf(io, { ...(wal === null ? {} : { wal }), ...values }, {});
      const plan = await planForward(
        { directory: values.forward, ...choice },
        { builds, now: new Date(), signal: io.signal },
      );
      return await runRecovery(io, plan, choice.target, values);
    }
    for (const action of ['promote', 'remove'] as const) {
      const folder = values[action];
      if (folder === undefined) continue;
      const plan = await planSideCluster({ do: action }, folder, { builds });
      if (values['dry-run']) {
        showDryRun(io, plan);
        return exitCodes.done;
      }
      const result = await runHere(io, plan, {}, { verbose: values.verbose === true });
      printResult(io, { directory: resolve(folder), ...result }, l10n.t('Done: {0}', printable(plan.title)));
      return exitCodes.done;
    }
    const { into, port } = values;
    if (into === undefined || port === undefined)
      throw new UsageError(l10n.t('recover needs --target or --before, --into and --port.'));
    const timeline =
      values.timeline === undefined ? {} : { timeline: wholeNumber('timeline', values.timeline, 1) };
    const choice = await choiceOf(io, values, timeline);
    const plan = await planRecovery(
      {
        ...places,
        ...choice,
        ...timeline,
        ...(values.from === undefined ? {} : { from: values.from }),
        directory: resolve(into),
        port: wholeNumber('port', port, 1),
        ...(values['socket-dir'] === undefined ? {} : { socketFolder: resolve(values['socket-dir']) }),
        ...(values.user === undefined ? {} : { user: values.user }),
        tablespaces: tablespaceMapping(values['tablespace-mapping']),
        way: copyWay(values['copy-method']),
      },
      {
        builds,
        now: new Date(),
        signal: io.signal,
        fetchCommand: (folder) => walFetchCommand(folder, { cli: ownCommand().cli }),
      },
    );
    return await runRecovery(io, plan, choice.target, values);
  },
};

async function runRecovery(
  io: Io,
  plan: Plan,
  target: RecoveryTarget,
  { verbose = false, 'dry-run': isDry = false }: { verbose?: boolean; 'dry-run'?: boolean },
): Promise<ExitCode> {
  if (isDry) {
    showDryRun(io, plan);
    return exitCodes.done;
  }
  refuseBlocked(plan, 'restore.blocked');
  for (const { text } of plan.warnings) note(io, l10n.t('Note: {0}', printable(text)));
  const result = await runHere(io, plan, {}, { verbose });
  const { reached, socketFolder, port, recovering, durationMs } = result as {
    reached: { time: string | null; lsn: string | null };
    socketFolder: string;
    port: number;
    recovering: boolean;
    durationMs?: number;
  };
  printResult(
    io,
    { target: targetText(target), ...result, warnings: plan.warnings },
    [
      l10n.t('Reached {0}, {1}', reached.lsn ?? '?', reached.time ?? l10n.t('before any transaction')),
      l10n.t('running: psql -h {0} -p {1}', socketFolder, port),
      ...(recovering
        ? [l10n.t('It waits there, read-only: --promote opens it for writing, --remove takes it away.')]
        : []),
      ...(durationMs === undefined ? [] : [durationText(durationMs)]),
    ].join('\n  '),
  );
  return exitCodes.done;
}

async function showStatus(io: Io, directory: string): Promise<ExitCode> {
  const status = await sideStatus(directory, { signal: io.signal });
  const { phase, replayed, exclusive, timeline, socketFolder, port } = status;
  const target = targetText(status.target);
  const words = {
    stopped: l10n.t('stopped'),
    replaying: l10n.t('replaying'),
    paused: l10n.t('waiting at its target, read-only'),
    promoted: l10n.t('open for writing'),
  };
  printResult(
    io,
    { ...status, target },
    [
      `${printable(status.directory)}: ${words[phase]}`,
      l10n.t('at {0}, {1}', replayed.lsn ?? '?', replayed.time ?? '–'),
      exclusive
        ? l10n.t('target: just before {0}, timeline {1}', target, timeline)
        : l10n.t('target: {0}, timeline {1}', target, timeline),
      ...(status.running ? [`psql -h ${printable(socketFolder)} -p ${port}`] : []),
    ].join('\n  '),
  );
  return exitCodes.done;
}

/** What to recover to: a target as it is written, or the place before a commit. */
async function choiceOf(
  io: Io,
  { target, before, exclusive, wal }: { target?: string; before?: string; exclusive?: boolean; wal?: string },
  timeline: { timeline?: number },
): Promise<{ target: RecoveryTarget; exclusive: boolean }> {
  if ((target === undefined) === (before === undefined))
    throw new UsageError(l10n.t('One of --target and --before is needed.'));
  if (before === undefined) return { target: targetOf(target ?? ''), exclusive: exclusive === true };
  if (wal === undefined) throw new UsageError(l10n.t('--before needs --wal.'));
  const commit = await commitAt(new WalFolder(resolve(wal)), before, { ...timeline, signal: io.signal });
  return { target: { kind: 'lsn', lsn: commit.before }, exclusive: true };
}

function targetOf(text: string): RecoveryTarget {
  if (text === 'latest' || text === 'immediate') return { kind: text };
  const named = /^(xid|name):(.+)$/s.exec(text);
  if (named?.[1] === 'xid') return { kind: 'xid', xid: named[2]! };
  if (named?.[1] === 'name') return { kind: 'name', name: named[2]! };
  return text.includes('/') ? { kind: 'lsn', lsn: text } : { kind: 'time', time: text };
}

function showWindows(io: Io, windows: RecoveryWindow[]): ExitCode {
  printResult(
    io,
    {
      windows: windows.map(({ set, timeline, from, to, stopsAt }) => ({
        ...{ backup: set.where, timeline, from, to, stopsAt },
      })),
    },
    windows.length === 0
      ? l10n.t('Nothing can be recovered: no whole backup with its WAL is here.')
      : table(
          windows.map(({ set, timeline, from, to, stopsAt }) => [
            String(timeline),
            from.time,
            to.time,
            stopsAt === null ? '' : l10n.t('{0} is missing', stopsAt),
            printable(set.where),
          ]),
        ),
  );
  return exitCodes.done;
}
