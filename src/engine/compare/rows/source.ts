import * as l10n from '@vscode/l10n';
import { DamageError } from '../../archive';
import type { TextCodec } from '../../archive/comparing';
import { textCodec } from '../../archive/comparing';
import type { OpenSide, SideTable, TablePart } from '../sides';

/** A side of a table that is compared: the parts its rows lie in, and how they are read. */
export interface Rows {
  side: OpenSide;
  tables: SideTable[];
  parts: TablePart[];
  /** For each part, by its columns: the index of the compared column; -1 for one that the table does not have. */
  columns: number[][];
}

/** The same, with the number of the first row of each part, and the number of all rows behind them. */
export interface CountedRows extends Rows {
  starts: number[];
}

export type How = 'raw' | 'utf8';

export function codecOf({ side }: Rows, how: How): TextCodec {
  return how === 'raw' ? side.codec : textCodec('UTF8');
}

/** Whether a side's own bytes can be told apart into rows and values without decoding them. */
export function hasRaw({ side, parts }: Rows): boolean {
  return side.codec.asciiSafe && parts.every((part) => part.hasRaw);
}

/** Rows that end without their end line were cut. */
export function checkEnd(part: TablePart, how: How, ended: boolean, rows: number): void {
  if (how === 'raw' && part.endLine && !ended)
    throw new DamageError({
      what: l10n.t('its rows are cut short after {0} rows: the end line is missing', rows),
      entry: `TABLE DATA ${part.schema} ${part.name}`,
      offset: null,
    });
}
