import * as l10n from '@vscode/l10n';
import { home } from '../../engine/home';
import {
  effectText,
  readSets,
  scanEvents,
  WalFolder,
  type ScanPlace,
  type Scanned,
  type WalEvent,
} from '../../engine/physical';
import { common, parse, UsageError, wholeNumber } from '../args';
import { exitCodes, type ExitCode, type Io } from '../io';
import { note, printable, printResult } from '../output';
import { oneFolder } from './folder';

/** Minutes on both sides of `--around`. */
const AROUND = 15;

/** `wal events`. Lines come as they are found; the document keeps `--limit` of them. */
export async function action(args: string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: {
      ...common,
      ...{ backups: { type: 'string', multiple: true }, timeline: { type: 'string' } },
      ...{ around: { type: 'string' }, minutes: { type: 'string' } },
      ...{ from: { type: 'string' }, to: { type: 'string' } },
      ...{ losses: { type: 'boolean' }, 'least-rows': { type: 'string' }, limit: { type: 'string' } },
    },
  });
  const { around, minutes, from, to, timeline, limit } = values;
  if (around !== undefined && (from !== undefined || to !== undefined))
    throw new UsageError(l10n.t('--around stands for --from and --to.'));
  const most = limit === undefined ? 10_000 : wholeNumber('limit', limit, 1);
  const events: WalEvent[] = [];
  let leftOut = 0;
  const scanned = await scanEvents(
    new WalFolder(oneFolder(positionals)),
    {
      ...(around === undefined
        ? { ...placeOf('from', from), ...placeOf('to', to) }
        : windowAround(around, minutes === undefined ? AROUND : wholeNumber('minutes', minutes, 1))),
      ...(timeline === undefined ? {} : { timeline: wholeNumber('timeline', timeline, 1) }),
      losses: values.losses === true,
      leastRows: values['least-rows'] === undefined ? 1 : wholeNumber('least-rows', values['least-rows'], 1),
    },
    (event) => {
      if (!io.json) printResult(io, {}, lineOf(event));
      else if (events.length < most) events.push(event);
      else leftOut++;
    },
    {
      sets: await readSets(values.backups ?? [home(io.env).backups], { signal: io.signal }),
      signal: io.signal,
      onNames: (where) => note(io, l10n.t('Names are read from {0}, once.', printable(where))),
    },
  );
  printResult(io, { ...scanned, events, count: scanned.events, leftOut }, '');
  if (!io.json) for (const line of remarks(scanned)) note(io, line);
  return exitCodes.done;
}

function placeOf(option: 'from' | 'to', text: string | undefined): Partial<Record<'from' | 'to', ScanPlace>> {
  if (text === undefined) return {};
  return { [option]: text.includes('/') ? { lsn: text } : { time: text } };
}

function windowAround(text: string, minutes: number): { from: ScanPlace; to: ScanPlace } {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new UsageError(l10n.t('"{0}" is no time.', printable(text)));
  const at = (by: number): ScanPlace => ({ time: new Date(time + by * 60_000).toISOString() });
  return { from: at(-minutes), to: at(minutes) };
}

function lineOf(event: WalEvent): string {
  if (event.kind === 'restorePoint')
    return [event.time, event.lsn, l10n.t('restore point "{0}"', printable(event.name))].join('  ');
  const { time, lsn, xid, database, effects, more } = event;
  const where = database ? printable(database.name ?? String(database.oid)) : '–';
  return [
    ...[time, lsn, where, `xid:${xid}`],
    ...effects.map((effect) => printable(effectText(effect))),
    ...(more === undefined ? [] : [l10n.t('and {0} more', more)]),
  ].join('  ');
}

function remarks({ events, from, to, timeline, namesFrom, missing, unread, clockBack }: Scanned): string[] {
  return [
    l10n.t('{0} events on timeline {1} from {2} to {3}', events, timeline, from, to),
    namesFrom === null
      ? l10n.t('No backup tells the names of what was there before.')
      : l10n.t('Names are from {0}', printable(namesFrom)),
    ...missing.map(({ first, last }) => l10n.t('GAP: {0} to {1} are missing.', first, last)),
    ...unread.map(({ file, lsn, what }) =>
      l10n.t('{0} is not read to its end: {1}', printable(file), [what, lsn].filter(Boolean).join(' ')),
    ),
    ...clockBack.map(({ lsn, from: later, to: earlier }) =>
      l10n.t(
        'The clock went back at {0}, from {1} to {2}: name places instead of times.',
        lsn,
        later,
        earlier,
      ),
    ),
    ...(events > 0 ? [l10n.t('Just before one: restore-point recover --before PLACE')] : []),
  ];
}
