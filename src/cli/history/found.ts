import { spanOf, spanText, type HistoryPoint } from '../../engine/history';
import { note, printable, printResult, table } from '../output';
import type { Io } from '../io';

/** What a backup has of a row or an object. */
export interface Found {
  path: string;
  state: 'found' | 'absent' | 'noTable' | 'unreadable';
  changed: boolean;
  why: string | null;
}

/** Prints in which backups something is, oldest first: a sentence, then a line for each. */
export function showFound<F extends Found>(
  io: Io,
  points: readonly HistoryPoint[],
  found: readonly F[],
  { document, text }: { document: object; text(one: F): string },
): void {
  for (const { path, why } of found) if (why !== null) note(io, `${printable(path)}: ${printable(why)}`);
  const span = spanOf(found);
  const signs = { absent: '-', noTable: '-', unreadable: '?' };
  const lines = found.map((one) => [
    one.state === 'found' ? (one.changed ? '~' : '=') : signs[one.state],
    printable(one.path),
    printable(text(one)),
  ]);
  printResult(
    io,
    {
      ...document,
      first: span && points[span.first]!.path,
      last: span && points[span.last]!.path,
      changes: span?.changes ?? 0,
      found: found.map((one, at) => ({ ...one, at: points[at]!.at, part: points[at]!.part })),
    },
    `${spanText(found, (at) => points[at]!.at)}\n${table(lines)}`,
  );
}
