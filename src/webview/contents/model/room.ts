import { holdsLargeObjects } from './kinds';
import { UNKNOWN_BYTES, UNKNOWN_ROWS, type Listing } from './listing';

/** One bar of the overview picture. */
export interface Room {
  sort: 'table' | 'schema' | 'largeObjects';
  /** Entry to show when the bar is chosen, -1 for schemas. */
  entry: number;
  database: string;
  schema: string;
  name: string;
  bytes: number;
  rows: number;
}

export interface RoomPicture {
  /** Largest first. */
  bars: Room[];
  /** Bytes of all bars. */
  total: number;
  /** Entries with data of unknown size. */
  unknown: number;
}

/** What takes the room: the data of every table and of the large objects, by table or summed by schema. */
export function roomOf(listing: Listing, owners: Int32Array, by: 'table' | 'schema'): RoomPicture {
  const bars = new Map<string, Room>();
  let unknown = 0;
  let total = 0;
  for (let entry = 0; entry < listing.length; entry++) {
    const bytes = listing.bytes[entry]!;
    if (bytes < 0) {
      if (bytes === UNKNOWN_BYTES) unknown++;
      continue;
    }
    total += bytes;
    const database = listing.database(entry);
    const large = holdsLargeObjects(listing.kind(entry));
    const owner = owners[entry]! >= 0 ? owners[entry]! : entry;
    const schema = listing.schema(entry);
    const key = large ? `l${database}` : by === 'schema' ? `s${database}\0${schema}` : `t${owner}`;
    const rows = listing.rows[entry]!;
    const bar = bars.get(key);
    if (bar) {
      bar.bytes += bytes;
      bar.rows = bar.rows < 0 || rows < 0 ? UNKNOWN_ROWS : bar.rows + rows;
    } else
      bars.set(key, {
        sort: large ? 'largeObjects' : by,
        entry: !large && by === 'schema' ? -1 : owner,
        database,
        schema,
        name: large || by === 'schema' ? '' : listing.names[entry]!,
        bytes,
        rows,
      });
  }
  return { bars: [...bars.values()].sort((a, b) => b.bytes - a.bytes), total, unknown };
}
