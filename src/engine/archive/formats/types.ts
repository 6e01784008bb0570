import type {
  Contents,
  Counted,
  CountOptions,
  DumpFormat,
  Header,
  Identity,
  ReadOptions,
  WrapperName,
} from '../types';

/** What is known of a path before any format looks at it. */
export interface Probe {
  path: string;
  /** Names in the folder, when the path is one. */
  names: string[] | null;
  /** The first bytes with any wrapper taken off; empty for folders. */
  head: Buffer;
  wrapper: WrapperName | null;
}

/** One dump format: one file each (and one for recognising it), one line in `formats/index.ts`. */
export interface FormatDefinition {
  name: DumpFormat;
  /** What the probe is, null when it is nothing of this format. */
  identify(probe: Probe): Promise<Identity | null>;
  contents(path: string, wrapper: WrapperName | null, options: ReadOptions): Promise<Contents>;
  count(path: string, wrapper: WrapperName | null, options: CountOptions): Promise<Counted>;
}

export function identity(
  kind: Identity['kind'],
  format: DumpFormat | null,
  { wrapper }: Probe,
  more: { reason?: string; header?: Header } = {},
): Identity {
  return { kind, format, wrapper, ...more };
}
