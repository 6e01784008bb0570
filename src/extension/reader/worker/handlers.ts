import type { Handlers } from '../../../shared/rpc';
import type { ReaderCalls } from '../contract';
import { entryKey } from '../entryKey';
import { fileHandlers } from './files/handlers';
import { largeObjectHandlers } from './largeObjects';
import { breathe, entryOf } from './answer';
import { shownDefinition } from './definition';
import type { OpenedDump } from './openedDump';
import { rowHandlers } from './rows';
import { wholeFileHandlers } from './wholeFile';

/** A definition longer than this is cut in the page; the document has all of it. */
const mostOfDefinition = 300_000;

/** Entries looked at before others get a turn. */
const turn = 2_000;

/** What the reader's thread answers. */
export function handlersOf(dump: OpenedDump): Handlers<ReaderCalls> {
  return {
    open: () => dump.open(),
    listing: (piece) => dump.listing.piece(piece, dump.entries, dump.rowsOf),

    async findInDefinitions({ text }, signal) {
      const wanted = text.toLowerCase();
      const found: number[] = [];
      for (const [index, entry] of dump.entries.entries()) {
        if (index % turn === 0) await breathe(signal);
        if (shownDefinition(entry).toLowerCase().includes(wanted)) found.push(entry.id);
      }
      return found;
    },

    async definition(id) {
      const entry = await entryOf(dump, id);
      const { dropStatement, copyStatement } = entry;
      const sql = shownDefinition(entry);
      const { kind, schema, name, owner, section, tablespace, accessMethod } = entry;
      return {
        entry: { id, kind, schema, name, owner, section, tablespace, accessMethod },
        sql: sql.slice(0, mostOfDefinition),
        ...(sql.length > mostOfDefinition ? { cut: sql.length } : {}),
        dropStatement,
        copyStatement,
      };
    },

    async dependencies(id) {
      const graph = await dump.graph();
      return { needs: graph.needs(id), neededBy: graph.neededBy(id), missing: graph.missing(id) };
    },

    closure: async (ids) => (await dump.graph()).closure(ids),

    async locate(_nothing, signal) {
      const archive = await dump.archive();
      await dump.during('locate', (onProgress) => archive.locate({ signal, onProgress }));
      dump.news.sizes(dump.entries.flatMap(({ id, bytes }) => (bytes === null ? [] : [{ id, bytes }])));
      dump.news.opened(await dump.open());
    },

    keysOf: (ids) => {
      return ids.flatMap((id) => {
        const entry = dump.entry(id);
        return entry ? [entryKey(entry)] : [];
      });
    },
    async idsOf(keys) {
      await dump.archive();
      const wanted = new Set(keys);
      return dump.entries.flatMap((entry) => (wanted.has(entryKey(entry)) ? [entry.id] : []));
    },

    ...fileHandlers(dump),
    ...rowHandlers(dump),
    ...largeObjectHandlers(dump),
    ...wholeFileHandlers(dump),
  };
}
