import type { Column, Contents, Fault } from '../../archive';
import type { TextCodec } from '../../archive/comparing';
import type { SequenceValue, SideFacts } from '../types';

/**
 * Rows of one table of a side, or of one of its partitions. `raw` rows are in the side's own encoding, as it writes them;
 * `utf8` rows are UTF-8, with the escapes a server writes.
 */
export interface TablePart {
  schema: string;
  name: string;
  columns: string[];
  /** Whether `raw` is COPY text. */
  hasRaw: boolean;
  /** What it weighs among others: bytes as stored, about. */
  bytes: number;
  /** How much of it so many bytes of COPY text are, 0 … 1, about. */
  fraction(read: number): number;
  /**
   * The rows as COPY text, in pieces that are valid until the next is asked for. `DamageError` for what cannot be read, after
   * everything before it.
   */
  read(how: 'raw' | 'utf8', signal: AbortSignal): AsyncIterable<Buffer>;
  /** Who stops before the end loses the session that reads it: it is better read to its end. */
  whole?: true;
  /** Whether `raw` ends in an end line. */
  endLine: boolean;
}

/** A table of a side. */
export interface SideTable {
  schema: string;
  name: string;
  database: string | undefined;
  columns: Column[];
  /** Null where it has no rows that could be read, and why, a sentence. */
  part: TablePart | null;
  why: string | null;
}

/** A large object, by its content. */
export interface ObjectDigest {
  bytes: number;
  digest: string;
}

/** One side, open: what it holds, and ways to its rows. All of it is of one moment. */
export interface OpenSide {
  facts: SideFacts;
  contents: Contents;
  /** PostgreSQL's name of the encoding of `raw` rows. */
  codec: TextCodec;
  /** In the side's order. */
  tables: SideTable[];
  /** Tables whose definitions could not be read either: `schema.name`. */
  unread: Set<string>;
  faults: Fault[];
  /** Values by `schema.name` (with the database in whole-server scripts); null where the side has none at all. */
  sequences(signal: AbortSignal): Promise<Map<string, SequenceValue> | null>;
  /** Null where it holds no contents of large objects. */
  largeObjects(signal: AbortSignal): AsyncIterable<{ oid: number } & ObjectDigest> | null;
  close(): Promise<void>;
}

/** What a table is called on both sides. */
export function tableKey({
  schema,
  name,
  database,
}: {
  schema: string | null;
  name: string;
  database?: string | undefined;
}): string {
  return JSON.stringify([database ?? null, schema, name]);
}
