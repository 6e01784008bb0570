/** Parts that a commit or an abort may have (`xinfo`, access/xact.h). */
const has = {
  database: 1,
  subtransactions: 2,
  files: 4,
  invalidations: 8,
  prepared: 16,
  droppedStatistics: 256,
} as const;
const HAS_INFO = 0x80;
/** Statistics of a relation (PGSTAT_KIND_RELATION). */
const OF_RELATION = 2;

/** How a transaction ended: xl_xact_commit, xl_xact_abort. */
export interface TransactionEnd {
  /** Microseconds since 2000 (TimestampTz). */
  time: number;
  /** Of a prepared transaction; else the record's. */
  xid: number | null;
  database: number | null;
  subtransactions: number[];
  /** Files that are deleted by it. */
  files: { database: number; file: number }[];
  /** OIDs of relations that are gone (their statistics are): since 15. */
  relations: number[];
}

/** `ParseCommitRecord` and `ParseAbortRecord` (xactdesc.c) of 15 to 18. A record that was cut gives what stands before the cut. */
export function parseEnd(
  bytes: Buffer,
  from: number,
  to: number,
  info: number,
  major: number,
): TransactionEnd | null {
  if (to - from < 8) return null;
  const end: TransactionEnd = {
    time: timeAt(bytes, from),
    xid: null,
    database: null,
    subtransactions: [],
    files: [],
    relations: [],
  };
  let at = from + 8;
  if (!(info & HAS_INFO) || at + 4 > to) return end;
  const xinfo = bytes.readUInt32LE(at);
  at += 4;
  /** Goes over an array; false where it is cut. */
  const each = (size: number, take: (at: number) => void): boolean => {
    if (at + 4 > to) return false;
    const count = bytes.readUInt32LE(at);
    at += 4;
    const whole = Math.min(count, Math.floor((to - at) / size));
    for (let i = 0; i < whole; i++, at += size) take(at);
    return whole === count;
  };
  if (xinfo & has.database) {
    if (at + 8 > to) return end;
    end.database = bytes.readUInt32LE(at);
    at += 8;
  }
  if (xinfo & has.subtransactions && !each(4, (place) => end.subtransactions.push(bytes.readUInt32LE(place))))
    return end;
  if (
    xinfo & has.files &&
    !each(12, (place) =>
      end.files.push({ database: bytes.readUInt32LE(place + 4), file: bytes.readUInt32LE(place + 8) }),
    )
  )
    return end;
  // An object's number has 64 bits since 18 (xl_xact_stats_item); a relation's OID is its lower half, which stands first.
  const size = major >= 18 ? 16 : 12;
  if (
    xinfo & has.droppedStatistics &&
    !each(size, (place) => {
      if (bytes.readUInt32LE(place) === OF_RELATION) end.relations.push(bytes.readUInt32LE(place + 8));
    })
  )
    return end;
  if (xinfo & has.invalidations && !each(16, () => {})) return end;
  if (xinfo & has.prepared && at + 4 <= to) end.xid = bytes.readUInt32LE(at);
  return end;
}

/** Microseconds since 2000; exact until the year 2255. */
export function timeAt(bytes: Buffer, at: number): number {
  return Number(bytes.readBigInt64LE(at));
}

const EPOCH_MS = Date.UTC(2000, 0, 1);

/** ISO 8601 with microseconds. */
export function timeText(microseconds: number): string {
  const ms = Math.floor(microseconds / 1000);
  return `${new Date(EPOCH_MS + ms).toISOString().slice(0, -1)}${String(microseconds - ms * 1000).padStart(3, '0')}Z`;
}

/** ISO 8601 as microseconds since 2000; those that it has are kept. Null for what is no time. */
export function timeFrom(text: string): number | null {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return null;
  const digits = /\.\d{3}(\d{1,3})/.exec(text)?.[1] ?? '';
  return (ms - EPOCH_MS) * 1000 + Number(digits.padEnd(3, '0'));
}
