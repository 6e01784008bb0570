import type { Container } from '../containers';
import type { ByteSource } from '../io/source';
import type { SpoolBudget } from '../io/spool';
import type { ScriptData } from '../sql/data-ranges';
import type {
  Contents,
  Counted,
  CountOptions,
  DumpFormat,
  Entry,
  Header,
  Identity,
  LargeObject,
  Limits,
  OpenOptions,
  ReadOptions,
  WrapperName,
} from '../types';

/** What is known of a path before any format looks at it. */
export interface Probe {
  /** The folder, when it is one, also inside a tar or zip file. */
  container: Container | null;
  /** The first bytes with any wrapper taken off; empty for folders. */
  head: Buffer;
  wrapper: WrapperName | null;
}

/** A dump that was found and opened, before its contents are read. */
export interface Found {
  path: string;
  identity: Identity;
  /** The dump's bytes without their wrapper; null for directory dumps. */
  source: ByteSource | null;
  /** What the files of a directory or tar dump lie in; null for the others. */
  container: Container | null;
  limits: Limits;
  /** For what is decoded of it. */
  budget: SpoolBudget;
  close(): Promise<void>;
}

/** A dump whose contents are read: gives out its data. */
export interface DumpReader {
  readonly contents: Contents;
  readonly unlocated: boolean;
  locate(options: CountOptions): Promise<void>;
  /** Decoded data of an entry with `hasData` that is no BLOBS entry; the caller closes it. */
  data(entry: Entry, signal: AbortSignal | undefined): Promise<ByteSource>;
  /** How an entry's rows are written in a script, where entries differ in it. */
  written?(entry: Entry): Pick<ScriptData, 'encoding' | 'escapes'> | undefined;
  /** Rows the table of contents tells nothing of (any more), with the number of their entry. */
  orphans?(options: CountOptions): AsyncIterable<{ id: number; data: ByteSource }>;
  largeObjects(options: CountOptions): AsyncIterable<LargeObject>;
  largeObject(oid: number, options: ReadOptions): AsyncIterable<Buffer>;
  /** Nothing is read any more; the source is closed by who opened it. */
  close?(): Promise<void>;
}

/** One dump format: one file each (and one for recognising it), one line in `formats/index.ts`. */
export interface FormatDefinition {
  name: DumpFormat;
  /** What the probe is, null when it is nothing of this format. */
  identify(probe: Probe): Promise<Identity | null>;
  /** Reads the contents. What was found stays open and is closed by the caller. */
  open(found: Found, options: OpenOptions): Promise<DumpReader>;
  count(found: Found, options: CountOptions): Promise<Counted>;
}

export function identity(
  kind: Identity['kind'],
  format: DumpFormat | null,
  { wrapper }: Probe,
  more: { reason?: string; header?: Header } = {},
): Identity {
  return { kind, format, wrapper, ...more };
}
