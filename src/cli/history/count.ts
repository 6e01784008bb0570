import * as l10n from '@vscode/l10n';
import { verify } from '../../engine/artifacts';
import { isCancelled, toFacts } from '../../engine/errors';
import type { HistoryPoint } from '../../engine/history';
import type { Io } from '../io';
import { note, printable } from '../output';
import { progressLine } from '../progress';

/**
 * Decodes the backups nobody counted, as `verify --level contents` does; the evidence is kept with them. Those known to be damaged are
 * left alone. Gives the number of those in which damage was found now; they are told.
 */
export async function countUncounted(io: Io, points: readonly HistoryPoint[]): Promise<number> {
  const wanted = points.filter(({ tables, damaged }) => tables === null && !damaged);
  const progress = progressLine(io);
  let faulty = 0;
  const tell = (path: string, why: string): void => {
    faulty++;
    progress.clear();
    note(io, `${printable(path)}: ${printable(why)}`);
  };
  try {
    for (const [at, { path }] of wanted.entries()) {
      const what = l10n.t('Counting backup {0} of {1}', at + 1, wanted.length);
      const onProgress = (fraction: number): void => progress.show({ fraction, what, remainingMs: null });
      try {
        const { faults: [first] = [] } = await verify(path, 'contents', { signal: io.signal, onProgress });
        if (first) tell(path, [first.entry, first.what].filter(Boolean).join(': '));
      } catch (error) {
        if (isCancelled(error) || io.signal.aborted) throw error;
        const { what, why } = toFacts(error);
        tell(path, `${what} ${why}`);
      }
    }
  } finally {
    progress.end();
  }
  return faulty;
}
