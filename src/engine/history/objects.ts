import { describeFault, readContents, type Contents, type ReadOptions } from '../archive';
import {
  compareInventories,
  inventoryOf,
  isLargeObject,
  objectText,
  type Aspect,
  type DatabaseObject,
  type Inventory,
} from '../compare';
import { isCancelled, RestorePointError } from '../errors';

/** An object that some backup holds. */
export interface HistoryObject {
  /** The same in all backups: `identityOf` of its entry. */
  key: string;
  /** pg_dump's word. */
  kind: string;
  schema: string | null;
  /** The tag, unquoted: of a function with its arguments, of an index's or trigger's table with that. */
  name: string;
}

/** What a backup has of an object. */
export interface ObjectInBackup {
  path: string;
  state: 'found' | 'absent' | 'unreadable';
  /** It differs from that in the backup before that has it, by the rules of comparing. */
  changed: boolean;
  /** Of what changed. */
  aspects: Aspect[];
  /** Why it could not be read, a sentence. */
  why: string | null;
}

export interface HistoryReading extends ReadOptions {
  /** Before a backup is read, its place from 0. */
  onBackup?: (at: number) => void;
}

/**
 * Every object that one of the backups holds, in order of schema, kind and name; large objects are not told one by one. Contents are read one
 * backup after the other. Backups that cannot be read are passed over and told.
 */
export async function objectsOf(
  paths: readonly string[],
  options: HistoryReading = {},
): Promise<{ objects: HistoryObject[]; unread: { path: string; why: string }[] }> {
  const found = new Map<string, HistoryObject>();
  const unread: { path: string; why: string }[] = [];
  for (const [at, path] of paths.entries()) {
    options.onBackup?.(at);
    const { inventory, why } = await read(path, options);
    if (why !== null) unread.push({ path, why });
    for (const { key, entry } of inventory?.objects.values() ?? [])
      if (!found.has(key) && !isLargeObject(key))
        found.set(key, { key, kind: entry.kind, schema: entry.schema, name: entry.name });
  }
  const order = ({ schema, kind, name }: HistoryObject): string => JSON.stringify([schema ?? '', kind, name]);
  const sorted = [...found.values()].map((object) => ({ object, by: order(object) }));
  sorted.sort((a, b) => (a.by < b.by ? -1 : 1));
  return { objects: sorted.map(({ object }) => object), unread };
}

/**
 * An object in one backup after the other: one backup's contents are in memory at a time, and the object as it was last. A damaged
 * backup is told and passed over.
 */
export async function* objectHistory(
  paths: readonly string[],
  key: string,
  options: HistoryReading = {},
): AsyncGenerator<ObjectInBackup> {
  let last: Inventory | null = null;
  for (const [at, path] of paths.entries()) {
    options.onBackup?.(at);
    const { inventory, why } = await read(path, options);
    const object = inventory?.objects.get(key);
    if (!inventory || !object) {
      const state = why === null ? 'absent' : 'unreadable';
      yield { path, state, changed: false, aspects: [], why };
      continue;
    }
    const alone = only(object, inventory);
    const difference: ReturnType<typeof compareInventories>['differences'][number] | undefined = last
      ? compareInventories(last, alone, {}).differences[0]
      : undefined;
    yield {
      ...{ path, state: 'found', why: null },
      changed: difference !== undefined,
      aspects: difference?.aspects ?? [],
    };
    last = alone;
  }
}

/**
 * An object as SQL to read, secrets masked; empty where the backup does not have it. Throws what reading the contents throws.
 */
export async function objectInBackup(path: string, key: string, options: ReadOptions = {}): Promise<string> {
  const object = inventoryOf(await readContents(path, options)).objects.get(key);
  return object ? objectText(object) : '';
}

/** `why` with an inventory: what could be read of a damaged one. */
async function read(
  path: string,
  { signal }: ReadOptions,
): Promise<{ inventory: Inventory | null; why: string | null }> {
  try {
    const contents: Contents = await readContents(path, { signal });
    const [fault] = contents.faults;
    return { inventory: inventoryOf(contents), why: fault ? describeFault(fault) : null };
  } catch (error) {
    if (isCancelled(error) || signal?.aborted) throw error;
    const why =
      error instanceof RestorePointError ? `${error.what} ${error.why}`.trim() : (error as Error).message;
    return { inventory: null, why };
  }
}

/** One object as if its backup had no other. */
function only(object: DatabaseObject, { major }: Inventory): Inventory {
  return { objects: new Map([[object.key, object]]), folded: new Map(), entries: [], major };
}
