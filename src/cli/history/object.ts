import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../engine/errors';
import {
  objectHistory,
  objectsOf,
  type HistoryObject,
  type HistoryPoint,
  type ObjectInBackup,
} from '../../engine/history';
import type { Io } from '../io';
import { note, printable } from '../output';
import { progressLine } from '../progress';
import { showFound } from './found';

/** Prints which backups have an object, and where its definition changed. */
export async function showObject(io: Io, points: readonly HistoryPoint[], wanted: string): Promise<void> {
  const paths = points.map(({ path }) => path);
  const progress = progressLine(io);
  // Every backup is read twice: once to find the object, once to compare it.
  const reading = (round: number) => ({
    signal: io.signal,
    onBackup: (at: number): void =>
      progress.show({
        fraction: (round + at / paths.length) / 2,
        what: l10n.t('Reading backup {0} of {1}', at + 1, paths.length),
        remainingMs: null,
      }),
  });
  const found: ObjectInBackup[] = [];
  let object: HistoryObject;
  try {
    const { objects, unread } = await objectsOf(paths, reading(0));
    for (const { path, why } of unread) {
      progress.clear();
      note(io, `${printable(path)}: ${printable(why)}`);
    }
    object = chosen(objects, wanted);
    for await (const one of objectHistory(paths, object.key, reading(1))) found.push(one);
  } finally {
    progress.end();
  }
  const { kind, schema, name } = object;
  showFound(
    io,
    points,
    // Why one cannot be read was told already.
    io.json ? found : found.map((one) => ({ ...one, why: null })),
    { document: { object: { kind, schema, name } }, text: ({ aspects }) => aspects.join(', ') },
  );
}

/** The one object that `KIND:SCHEMA.NAME` means. Throws `history.noObject`, `history.severalObjects`. */
function chosen(objects: readonly HistoryObject[], wanted: string): HistoryObject {
  const [, kind, name] = /^(?:([A-Za-z][A-Za-z _-]*):)?(.*)$/s.exec(wanted)!;
  const asked = kind?.toUpperCase().replaceAll(/[_-]/g, ' ');
  const ofKind = objects.filter((one) => asked === undefined || one.kind === asked);
  const fits = (text: (tag: string) => string): HistoryObject[] =>
    ofKind.filter((one) => text(one.name) === name || `${one.schema ?? ''}.${text(one.name)}` === name);
  const exact = fits((tag) => tag);
  // Functions go without their arguments where that says which.
  const found = exact.length > 0 ? exact : fits((tag) => tag.replace(/\(.*\)$/s, ''));
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    throw new RestorePointError({
      code: 'history.severalObjects',
      what: l10n.t('Several objects of the backups fit "{0}".', wanted),
      why: found.slice(0, 10).map(fullName).join('; '),
      next: l10n.t('Name it with its kind and schema, functions with their arguments.'),
    });
  throw new RestorePointError({
    code: 'history.noObject',
    what: l10n.t('None of the backups has an object "{0}".', wanted),
    why: l10n.t('{0} objects were looked through.', objects.length),
    next: l10n.t('See the contents with restore-point inspect.'),
  });
}

function fullName({ kind, schema, name }: HistoryObject): string {
  return `${kind}:${schema === null ? name : `${schema}.${name}`}`;
}
