import * as l10n from '@vscode/l10n';
import {
  cleanWal,
  formatLsn,
  parseWalName,
  planWalCleanup,
  readWalArchive,
  segmentNumber,
  segmentStart,
  WalFolder,
  type Needed,
} from '../../engine/physical';
import { common, parse, UsageError } from '../args';
import { exitCodes, type ExitCode, type Io } from '../io';
import { bytesText, note, printable, printResult } from '../output';
import { oneFolder } from './folder';

/** `wal cleanup`. */
export async function action(args: string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: {
      ...common,
      needed: { type: 'string', multiple: true, default: [] },
      branches: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
    },
  });
  const folder = new WalFolder(oneFolder(positionals));
  const { signal } = io;
  const files = await folder.list({ signal });
  const archive = await readWalArchive(folder, { signal, files });
  const needed = values.needed.map((text) => neededFrom(text, archive.segmentBytes));
  const plan = planWalCleanup(archive, files, needed, { branches: values.branches === true });
  const removed = values['dry-run'] ? 0 : await cleanWal(folder, plan, { signal });
  const remove = plan.remove.map(({ file, reason }) => ({ file: file.path, reason, bytes: file.bytes }));
  const sum = [remove.length, bytesText(plan.bytes)];
  printResult(
    io,
    { ...plan, remove, removed },
    [
      ...remove.map(({ file }) => printable(file)),
      values['dry-run']
        ? l10n.t('{0} files ({1}) would go.', ...sum)
        : l10n.t('{0} files ({1}) removed.', ...sum),
    ].join('\n'),
  );
  const { branches } = plan;
  if (branches.files)
    note(
      io,
      l10n.t(
        '{0} files ({1}) of timelines that no kept backup leads to stay; --branches takes them too.',
        branches.files,
        bytesText(branches.bytes),
      ),
    );
  return exitCodes.done;
}

/** A segment, a backup history file, or `TIMELINE:LSN`. */
function neededFrom(text: string, segmentBytes: number): Needed {
  const [, timeline, lsn] = /^(\d{1,10}):([0-9A-Fa-f]{1,8}\/[0-9A-Fa-f]{1,8})$/.exec(text) ?? [];
  if (timeline !== undefined && lsn !== undefined) return { timeline: Number(timeline), lsn };
  const name = parseWalName(text);
  const number = name && name.kind !== 'history' ? segmentNumber(name, segmentBytes) : null;
  if (!name || number === null)
    throw new UsageError(
      l10n.t('--needed takes a segment, a .backup file or TIMELINE:LSN, not "{0}".', printable(text)),
    );
  return { timeline: name.timeline, lsn: formatLsn(segmentStart(number, segmentBytes)) };
}
