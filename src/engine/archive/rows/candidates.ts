import type { TextCodec } from '../text';
import type { RowQuery } from '../types';
import type { Block } from './blocks';
import { escaped, plainTest } from './matcher';

/** Finds the rows of a block that can fit, in their order; it may name too many, never too few. */
export type Candidates = (block: Block) => Iterable<number>;

/** Characters that COPY text writes as escapes. */
const ESCAPED = /[\b\t\n\v\f\r\\]/;

/**
 * A quick way to find candidates: looks for the text in the bytes of the block, where these hold it as it is. Null where
 * every row has to be read: regular expressions, texts with escaped characters, and texts whose bytes are not certain.
 */
export function candidates({ text, regex, matchCase }: RowQuery, codec: TextCodec): Candidates | null {
  if (regex || text === '' || ESCAPED.test(text) || !codec.asciiSafe) return null;
  const bytes = codec.encode(text);
  if (bytes && matchCase) return (block) => rowsAt(block, (from) => block.bytes.indexOf(bytes, from));
  // Of other letters both cases may differ in their bytes: as text, a line finds what its values would.
  if (!bytes || !/^[\0-\x7f]*$/.test(text)) {
    const fits = plainTest({ text, matchCase });
    return (block) => rowsWith(block, fits);
  }
  return (block) => {
    const pattern = new RegExp(escaped(text), 'gi');
    const latin = block.bytes.toString('latin1');
    return rowsAt(block, (from) => {
      pattern.lastIndex = from;
      return pattern.exec(latin)?.index ?? -1;
    });
  };
}

function* rowsWith(block: Block, fits: (line: string) => boolean): Generator<number> {
  const lines = block.lines() ?? [];
  for (let row = 0; row < lines.length; row++) if (fits(lines[row]!)) yield row;
}

/** The rows in which the places lie that `find` gives, each once. */
function* rowsAt(block: Block, find: (from: number) => number): Generator<number> {
  let at = find(0);
  if (at < 0) return;
  const bounds = block.bounds();
  for (let row = 0; at >= 0 && row < block.rows;) {
    // The last row that begins at or before the place.
    let high = block.rows - 1;
    while (row < high) {
      const middle = (row + high + 1) >> 1;
      if (bounds[middle * 2]! <= at) row = middle;
      else high = middle - 1;
    }
    yield row;
    row++;
    if (row >= block.rows) return;
    at = find(bounds[row * 2]!);
  }
}
