import type { Contents, Entry, Renames } from '../../archive';
import type { Live } from './live';
import { Parts } from '../../archive/restoring';

/** NAMEDATALEN - 1 */
const mostBytes = 63;
/** What a table beside another one has of it: nothing that acts on others, or lets others in. */
const KEPT =
  /^(?:TABLE|TABLE DATA|TABLE ATTACH|DEFAULT|SEQUENCE|SEQUENCE SET|SEQUENCE OWNED BY|CONSTRAINT|CHECK CONSTRAINT|INDEX|INDEX ATTACH|COMMENT|STATISTICS|STATISTICS DATA)$/;
const NAMED = /^(?:TABLE|SEQUENCE|INDEX|STATISTICS)$/;

/** How tables come to stand beside those of the same names. */
export interface Beside {
  renames: Renames['relations'] & object;
  /** Entries that are restored under other names; those that are not (keys, triggers, privileges) are left out. */
  entries: number[];
  /** Tables, by their old and new names. */
  tables: { entry: Entry; name: string }[];
  /** What was picked and is neither a table nor part of one. */
  others: Entry[];
}

/** Names for picked tables and all that belongs to them, `orders_restored` for `orders`, free on the target. */
export function beside(contents: Contents, asked: ReadonlySet<number>, live: Live): Beside {
  const parts = new Parts(contents.entries);
  const renames: Beside['renames'] = {};
  const given = new Set<string>();
  const chosen = contents.entries.filter(({ id }) => asked.has(id));
  const tables = new Set(chosen.filter(({ kind }) => kind === 'TABLE').map(({ id }) => id));
  const isOfTable = ({ id }: Entry): boolean => {
    for (let at: number | undefined = id; at !== undefined; at = parts.ownerOf(at))
      if (tables.has(at)) return true;
    return false;
  };
  const kept = chosen.filter((entry) => KEPT.test(entry.kind) && isOfTable(entry));
  const rename = (schema: string, name: string): string => {
    const of = (renames[schema] ??= {});
    return (of[name] ??= freeName(
      name,
      (free) => live.taken(schema, free) || given.has(`${schema}.${free}`),
    ));
  };
  for (const entry of kept) {
    if (entry.schema === null) continue;
    const name = /CONSTRAINT$/.test(entry.kind)
      ? entry.name.slice(entry.name.lastIndexOf(' ') + 1)
      : entry.name;
    if (NAMED.test(entry.kind) || /CONSTRAINT$/.test(entry.kind))
      given.add(`${entry.schema}.${rename(entry.schema, name)}`);
  }
  return {
    renames,
    entries: kept.map(({ id }) => id),
    tables: kept
      .filter(({ kind }) => kind === 'TABLE')
      .map((entry) => ({ entry, name: renames[entry.schema ?? '']?.[entry.name] ?? entry.name })),
    others: chosen.filter((entry) => !isOfTable(entry)),
  };
}

function freeName(name: string, taken: (name: string) => boolean): string {
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '_restored' : `_restored_${number}`;
    let base = name;
    while (Buffer.byteLength(base + suffix) > mostBytes) base = base.slice(0, -1);
    if (!taken(base + suffix)) return base + suffix;
  }
}
