import { visiblePieces } from '../../../shared/visibleText';
import type { GridRow } from './gridSource';

export interface ValueTexts {
  null: string;
  default: string;
  empty: string;
}

/** Characters of a value that are drawn in a cell; more than the widest cell shows. */
const drawn = 400;

/** One value of a row: NULL and DEFAULT as words in a frame, an empty text as nothing, what cannot be seen as signs. */
export function Value({
  row,
  column,
  texts,
  most = drawn,
  lines = false,
}: {
  row: GridRow;
  column: number;
  texts: ValueTexts;
  most?: number;
  /** Line feeds break the line, beside their sign. */
  lines?: boolean;
}) {
  const value = row.values[column];
  if (value == null) {
    const word = row.defaults?.includes(column) ? 'DEFAULT' : 'NULL';
    return (
      <span class="value-word" role="img" aria-label={word === 'NULL' ? texts.null : texts.default}>
        {word}
      </span>
    );
  }
  if (value === '') return <span class="value-empty" role="img" aria-label={texts.empty} />;
  const cut = value.length > most;
  // A pair of surrogates is not cut in two: its first half would be drawn as what it is not.
  const pieces = visiblePieces(cut ? value.slice(0, most).replace(/[\ud800-\udbff]$/, '') : value);
  return (
    <>
      {pieces.length === 1 && !pieces[0]!.sign
        ? pieces[0]!.text
        : pieces.map(({ text, sign }, index) =>
            sign ? (
              <span key={index} class="value-sign">
                {text}
                {lines && text === '⏎' && '\n'}
              </span>
            ) : (
              text
            ),
          )}
      {(cut || row.cut?.[column] !== undefined) && <span class="value-sign">…</span>}
    </>
  );
}
