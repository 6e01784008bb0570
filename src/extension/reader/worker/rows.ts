import type { FoundRow, Row } from '../../../engine/archive';
import type { Handlers } from '../../../shared/rpc';
import type { ReaderCalls } from '../contract';
import { faultOf } from './answer';
import { keepCounts } from './counts';
import type { OpenedDump } from './openedDump';
import { textOfRows } from './textOfRows';
import { writeWhole } from '../../../engine/writeWhole';

/** Characters of one answer: more would hold up the thread that passes it on. */
const mostOfPage = 1_000_000;

type RowCalls = Pick<
  Handlers<ReaderCalls>,
  'columns' | 'known' | 'rows' | 'count' | 'countAll' | 'takeCounts' | 'search' | 'exportRows' | 'textOfRows'
>;

export function rowHandlers(dump: OpenedDump): RowCalls {
  return {
    columns: async (id) => (await dump.archive()).columns(id),
    known: async (id) => (await dump.archive()).known(id),

    async rows({ id, from, count }, signal) {
      const archive = await dump.archive();
      const rows: Row[] = [];
      let fault: string | null = null;
      await dump.during(`rows ${id}`, async (onProgress) => {
        try {
          for await (const row of archive.rows(id, { from, limit: count, signal, onProgress }))
            rows.push(row);
        } catch (error) {
          fault = faultOf(error);
        }
      });
      const known = archive.known(id);
      fit(rows);
      return { from, rows, known, end: known.complete && from + rows.length >= known.rows, fault };
    },

    async count(id, signal) {
      const archive = await dump.archive();
      const rows = await dump.during(`count ${id}`, (onProgress) =>
        archive.count(id, { signal, onProgress }),
      );
      dump.news.sizes([{ id, rows }]);
      return rows;
    },

    async countAll(_nothing, signal) {
      const archive = await dump.archive();
      const tables = dump.entries.filter(({ hasData, kind }) => hasData && kind === 'TABLE DATA');
      const total = tables.reduce((sum, { bytes }) => sum + (bytes ?? 1), 0) || 1;
      let before = 0;
      const counts: [id: number, rows: number][] = [];
      await dump.during('countAll', async (tell) => {
        for (const { id, bytes } of tables) {
          const share = bytes ?? 1;
          const onProgress = (fraction: number): void => tell((before + share * fraction) / total);
          const rows = await archive.count(id, { signal, onProgress });
          counts.push([id, rows]);
          dump.news.sizes([{ id, rows }]);
          before += share;
        }
      });
      await keepCounts(dump.path, counts);
    },

    takeCounts: () => dump.takeCounts(),

    async search({ id, query, from, limit }, signal) {
      const archive = await dump.archive();
      const found: FoundRow[] = [];
      const more = await dump.during(`search ${id}`, async (onProgress) => {
        try {
          for await (const one of archive.search(id, query, { from, signal, onProgress }))
            if (found.push(one) >= limit) return true;
          return false;
        } catch (error) {
          // What was found counts; the next call meets the damage again and tells it.
          if (found.length === 0) throw error;
          return true;
        }
      });
      fit(found.map(({ row }) => row));
      return { found, next: more ? (found.at(-1)?.row.at ?? from) + 1 : null };
    },

    async textOfRows(what, signal) {
      const archive = await dump.archive();
      return await dump.during(`copyRows ${what.id}`, (onProgress) =>
        textOfRows(archive, what, { signal, onProgress }),
      );
    },

    async exportRows({ id, format, query, path }, signal) {
      const archive = await dump.archive();
      let rows = 0;
      await dump.during(`exportRows ${id}`, (onProgress) => {
        const onRows = (count: number): void => void (rows = count);
        return writeWhole(path, archive.exportRows(id, { format, query, signal, onProgress, onRows }));
      });
      return { rows };
    },
  };
}

/** Cuts long values until a page is small enough to travel; what was cut says its whole length. */
function fit(rows: Row[]): void {
  let most = 100_000;
  const size = (): number =>
    rows.reduce((sum, { values }) => values.reduce((all, value) => all + (value?.length ?? 0) + 8, sum), 0);
  while (size() > mostOfPage && most > 100) {
    most /= 4;
    for (const row of rows)
      for (const [index, value] of row.values.entries()) {
        if (value === null || value.length <= most) continue;
        row.values[index] = value.slice(0, most);
        row.cut = { ...row.cut, [index]: row.cut?.[index] ?? value.length };
      }
  }
}
