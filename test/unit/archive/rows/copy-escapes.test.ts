import assert from 'node:assert/strict';
import {
  fieldEnd,
  lineValues,
  unescapeBytes,
  wholeCharacters,
} from '../../../../src/engine/archive/rows/copy-escapes';
import { LongCopyRow } from '../../../../src/engine/archive/rows/long-copy-row';
import { textCodec, wholeLength } from '../../../../src/engine/archive/text';
import { seededRandom } from '../../../support/random';

const bits = [
  '\\',
  '\\\\',
  '\\t',
  '\\N',
  '\\x4',
  '\\101',
  '\\q',
  '\t',
  'a',
  '7',
  'é',
  '漢',
  '😀',
  '\\é',
  'long '.repeat(40),
];

describe('escapes of COPY text', () => {
  for (const encoding of ['UTF8', 'EUC_JP', 'LATIN1'])
    it(`are read the same fast and byte by byte: ${encoding}`, () => {
      const codec = textCodec(encoding);
      const slow = { ...codec, asciiSafe: false };
      const numbers = seededRandom(7);
      const next = (below: number): number => Math.floor(numbers() * below);
      for (let round = 0; round < 3000; round++) {
        const text = Array.from({ length: next(12) }, () => bits[next(bits.length)]!).join('');
        const line = codec.encode(text) ?? Buffer.from(text.replaceAll(/[^\0-\x7f]/gu, 'z'));
        const piece = line.subarray(0, next(line.length + 1));
        const from = next(piece.length + 1);
        assert.deepEqual(unescapeBytes(piece, codec), unescapeBytes(piece, slow), text);
        assert.deepEqual(
          fieldEnd(piece, from, codec),
          fieldEnd(piece, from, { ...slow, length: () => 1 }),
          text,
        );
        assert.equal(wholeCharacters(piece, codec), wholeCharacters(piece, slow), text);
        assert.equal(wholeLength(piece, codec), wholeLength(piece, slow), text);
        assert.deepEqual(inPieces(line, codec, next), lineValues(line, slow, null), text);
      }
    });
});

/** A row that comes in pieces. */
function inPieces(
  line: Buffer,
  codec: ReturnType<typeof textCodec>,
  next: (below: number) => number,
): (string | null)[] {
  const values: (string | null)[] = [];
  let text = '';
  const row = new LongCopyRow(codec, {
    value(column, part, last) {
      text += part ?? '';
      if (!last) return;
      values[column] = part === null ? null : text;
      text = '';
    },
  });
  for (let at = 0; at < line.length;) {
    const end = Math.min(line.length, at + 1 + next(60));
    row.push(line.subarray(at, end), false);
    at = end;
  }
  row.push(Buffer.alloc(0), true);
  return values;
}
