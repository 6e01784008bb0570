import { TableRows, type TableSource } from '../../../../src/engine/archive/rows';
import type { Contents, DataStream, Entry } from '../../../../src/engine/archive';

/** Decoded data in memory, given out in pieces of so many bytes, which are never used again. */
export function dataOf(bytes: Buffer, piece = 7): DataStream {
  return {
    size: bytes.length,
    stored: bytes.length,
    storedBefore: (position) => position,
    async *read(from, { signal } = {}) {
      for (let at = from; at < bytes.length; at += piece) {
        signal?.throwIfAborted();
        await Promise.resolve();
        const part = Buffer.from(bytes.subarray(at, at + piece));
        yield part;
        part.fill(0x3f);
      }
    },
  };
}

export function entryOf(more: Partial<Entry>): Entry {
  return {
    ...{ id: 1, kind: 'TABLE', schema: 'public', name: 't', owner: null, section: 'pre-data' as const },
    ...{
      definition: '',
      dropStatement: '',
      copyStatement: '',
      dependencies: [],
      hasData: false,
      bytes: null,
    },
    ...more,
  };
}

export function contentsOf(entries: Entry[]): Contents {
  return {
    ...{ format: 'custom', scope: 'database', archiveVersion: [1, 16], compression: 'none', wrapper: null },
    source: { database: null, serverVersion: null, toolVersion: null },
    ...{ createdAt: null, entries, metaCommands: [], faults: [] },
  };
}

export interface Made extends Partial<Omit<TableSource, 'data' | 'entry' | 'contents'>> {
  copy?: string;
  definition?: string;
  more?: Entry[];
  piece?: number;
}

/** The rows of a table `public.t` with such data. */
export function rowsOf(data: Buffer | string, made: Made = {}): TableRows {
  const { copy = 'COPY public.t (a, b) FROM stdin;\n', definition, more = [], piece, ...source } = made;
  const entry = entryOf({ kind: 'TABLE DATA', section: 'data', copyStatement: copy, hasData: true });
  const table = definition ? [entryOf({ definition })] : [];
  return new TableRows({
    data: dataOf(Buffer.isBuffer(data) ? data : Buffer.from(data, 'utf8'), piece),
    entry,
    contents: contentsOf([...table, ...more, entry]),
    limits: { value: 1000 },
    ...source,
  });
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** Values of all rows. */
export async function values(rows: TableRows): Promise<(string | null)[][]> {
  return (await all(rows.rows())).map((row) => row.values);
}
