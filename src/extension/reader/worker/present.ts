import { readContents, type Archive, type Contents, type OpenOptions } from '../../../engine/archive';

/** Stands in for the engine's `open` until it is there: contents only. */
export async function open(path: string, options: OpenOptions): Promise<Archive> {
  const contents: Contents = await readContents(path, options);
  const refuse = (): never => {
    throw new Error('Rows cannot be read yet.');
  };
  return {
    path,
    contents,
    unlocated: contents.entries.some(({ hasData, bytes }) => hasData && bytes === null),
    entry: (id: number) => contents.entries.find((entry) => entry.id === id) ?? refuse(),
    known: () => ({ rows: 0, complete: false, estimate: null }),
    columns: refuse,
    rows: refuse,
    value: refuse,
    count: refuse,
    search: refuse,
    exportRows: refuse,
    locate: refuse,
    largeObjects: refuse,
    largeObject: refuse,
    data: refuse,
    entries: refuse,
    close: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
