import * as vscode from 'vscode';
import type { HistoryObject, HistoryPoint } from '../../engine/history';
import type { Found, FoundIn, HistoryHost, HistoryReading, ObjectLine } from '../../shared/historyPage';
import type { Handlers } from '../../shared/rpc';
import { isQuiet } from '../cancel';
import { verifyPath } from '../commands/backups/verifyBackup';
import { aspectTexts } from '../comparing/texts';
import { engine } from '../engine';
import { moment, oneLine } from '../format';
import type { Services } from '../services';
import { requireTrust } from '../trust';
import type { HistoryBackups } from './historyBackups';
import { historyTexts } from './historyTexts';

/** Objects shown at once; a filter finds the others. */
const mostShown = 200;

/** What the history page calls. */
export function historyHandlers(
  services: Services,
  backups: HistoryBackups,
  onReading: (progress: HistoryReading) => void,
): Handlers<HistoryHost> {
  /** Objects of the backups that were there when they were listed. */
  let listed: { of: string; objects: HistoryObject[]; unread: string[] } | null = null;
  const reading = (signal: AbortSignal, total: number) => ({
    signal,
    onBackup: (done: number): void => onReading({ done, total }),
  });
  const found = async (
    points: readonly HistoryPoint[],
    ofIt: { path: string; state: FoundIn['state']; changed: boolean; text: string }[],
  ): Promise<Found> => {
    const { spanText } = await engine();
    return {
      span: await spanText(ofIt, (at) => moment(points[at]!.at)),
      backups: ofIt.map((one, at) => ({ ...one, when: moment(points[at]!.at), part: points[at]!.part })),
    };
  };
  return {
    ready: () => ({ view: backups.view, texts: historyTexts(), locale: vscode.env.language }),
    async table(name) {
      const { tableHistory } = await engine();
      const history = await tableHistory(backups.points, named(name));
      return history.map(({ rows }) => (rows === undefined ? -1 : rows));
    },
    async count(paths) {
      requireTrust();
      const known = new Set(backups.paths);
      // Its notification cancels it; it goes on when the page is closed.
      const { signal } = new AbortController();
      try {
        for (const path of paths) if (known.has(path)) await verifyPath(services, path, 'contents', signal);
      } catch (error) {
        if (!isQuiet(error)) throw error;
      } finally {
        await backups.read();
      }
    },
    async find({ table, condition }, signal) {
      const { findRow } = await engine();
      // What comes or goes meanwhile is another list.
      const { points, paths } = backups;
      const all = [];
      const key = keyOf(condition);
      for await (const { path, state, changed, row, why } of await findRow(paths, named(table), key, {
        signal,
      }))
        all.push({ path, state, changed, text: row ? rowText(row) : (why ?? '') });
      return await found(points, all);
    },
    async objects(filter, signal) {
      const { paths } = backups;
      const of = JSON.stringify(paths);
      if (listed?.of !== of) {
        const { objectsOf } = await engine();
        const { objects, unread } = await objectsOf(paths, reading(signal, paths.length));
        listed = { of, objects, unread: unread.map(({ path, why }) => `${path}: ${why}`) };
      }
      const wanted = filter.trim().toLowerCase();
      const lines = listed.objects
        .map(lineOf)
        .filter(({ kind, name }) => `${kind} ${name}`.toLowerCase().includes(wanted));
      return { objects: lines.slice(0, mostShown), total: lines.length, unread: listed.unread };
    },
    async object(key, signal) {
      const { objectHistory } = await engine();
      const { points, paths } = backups;
      const aspects = aspectTexts();
      const all = [];
      for await (const { path, state, changed, aspects: of, why } of await objectHistory(
        paths,
        key,
        reading(signal, paths.length),
      ))
        all.push({ path, state, changed, text: why ?? of.map((one) => aspects[one]).join(', ') });
      return await found(points, all);
    },
    async diff({ key, left, right }, signal) {
      const { objectInBackup } = await engine();
      const object = listed?.objects.find((one) => one.key === key);
      const label = object ? oneLine([object.kind, lineOf(object).name].join(' ')) : '';
      const sides: { uri: vscode.Uri; when: string }[] = [];
      for (const path of [left, right]) {
        const point = backups.points.find((one) => one.path === path);
        if (!point) throw await gone(path);
        const text = await objectInBackup(path, key, { signal });
        sides.push({ uri: services.sideTexts.add(`${label}.sql`, text), when: moment(point.at) });
      }
      const [before, after] = sides;
      const title = `${label}: ${before!.when} ⇄ ${after!.when}`;
      await vscode.commands.executeCommand('vscode.diff', before!.uri, after!.uri, title);
    },
    compare: async ({ left, right }) => {
      await vscode.commands.executeCommand('restorePoint.compare', {
        left: { artifact: left },
        right: { artifact: right },
      });
    },
    open: async (artifact) => {
      await vscode.commands.executeCommand('restorePoint.openContents', { artifact });
    },
  };
}

function lineOf({ key, kind, schema, name }: HistoryObject): ObjectLine {
  return { key, kind, name: schema === null ? name : `${schema}.${name}` };
}

/** The schema ends at the first dot: names with dots in their schema are rare, and found by their table. */
function named(table: string): { schema: string; name: string } {
  const at = table.indexOf('.');
  return { schema: table.slice(0, at), name: table.slice(at + 1) };
}

function keyOf(condition: string): Record<string, string> {
  return Object.fromEntries(
    condition.split(/,\s*(?=[^=,]+=)/).map((one) => {
      const at = one.indexOf('=');
      return [one.slice(0, at).trim(), one.slice(at + 1).trim()];
    }),
  );
}

function rowText(row: Record<string, string | null>): string {
  return Object.entries(row)
    .map(([name, value]) => `${name}=${value ?? 'NULL'}`)
    .join(' · ')
    .slice(0, 500);
}

async function gone(path: string): Promise<Error> {
  const { RestorePointError } = await engine();
  return new RestorePointError({
    code: 'history.gone',
    what: vscode.l10n.t('This backup is not there any more.'),
    why: path,
    next: vscode.l10n.t('Look the object up again.'),
  });
}
