import type { Entry, Fault } from '../types';

/** Where salvaged things go. */
export interface Target {
  /** What was written beside the target. */
  readonly beside: string[];
  /** A readable definition; for privileges and comments of large objects, with those of them that are whole. */
  definition(entry: Entry, objects: number[] | null): Promise<void>;
  /** Rows begin; null for those whose entry is lost, with its number. Returns the file they get of their own. */
  beginRows(entry: Entry | null, id: number): Promise<string | null>;
  rows(part: Buffer): Promise<void>;
  endRows(entry: Entry | null, fault: Fault | null, rows: number): Promise<void>;
  beginObject(oid: number): Promise<void>;
  object(part: Buffer): Promise<void>;
  /** Whether it was whole: else it is taken back. */
  endObject(whole: boolean, owner: string | null): Promise<void>;
  close(): Promise<void>;
}
