import * as l10n from '@vscode/l10n';
import { checkWal, WalFolder } from '../../engine/physical';
import { common, parse } from '../args';
import { exitCodes, type ExitCode, type Io } from '../io';
import { printResult } from '../output';
import { oneFolder } from './folder';
import { archiveText, faultLine } from './text';

/** `wal check`. */
export async function action(args: string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: { ...common, deep: { type: 'boolean' } },
  });
  return await checkArchive(oneFolder(positionals), io, values.deep === true);
}

/** Whether an archive is whole: `wal check`, and `verify` of its folder. */
export async function checkArchive(folder: string, io: Io, isDeep: boolean): Promise<ExitCode> {
  const checked = await checkWal(new WalFolder(folder), { deep: isDeep, signal: io.signal });
  const { archive, ok, faults, ends, segments, records, deep } = checked;
  printResult(
    io,
    checked,
    [
      archiveText(archive),
      ...faults.map(faultLine),
      ...ends.map(({ segment, lsn }) => l10n.t('{0} is filled up to {1}.', segment, lsn)),
      deep
        ? l10n.t('Checked {0} segments and {1} records: {2} faults.', segments, records, faults.length)
        : l10n.t('Checked the first pages of {0} segments: {1} faults.', segments, faults.length),
    ]
      .filter(Boolean)
      .join('\n'),
  );
  return ok ? exitCodes.done : exitCodes.failed;
}
