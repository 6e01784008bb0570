import type { OpenedDump } from '../openedDump';

/** Folder of large objects: their list may take reading all of them, so it is made when somebody looks. */
export const largeObjectsFolder = '(large objects)';

export function hasLargeObjects({ entries }: OpenedDump): boolean {
  return entries.some(({ kind }) => kind.startsWith('BLOB'));
}

/** The number in a file's name; undefined for a path that is none of these. */
export function largeObjectOf(path: readonly string[]): number | undefined {
  const [, number] = /^(\d{1,10})\.bin$/.exec(path[1] ?? '') ?? [];
  return path.length === 2 && path[0] === largeObjectsFolder && number ? Number(number) : undefined;
}

export async function largeObjectNames(dump: OpenedDump): Promise<string[]> {
  return (await dump.largeObjects()).map(({ oid }) => `${oid}.bin`);
}
