import * as l10n from '@vscode/l10n';
import { checkAborted } from '../abort';
import { damage } from '../errors';
import type { TextCodec } from '../text';
import { entryLabel } from '../toc/entries';
import type { DataStream, Entry, ReadOptions } from '../types';
import {
  LONGEST_ROW,
  type Block,
  type LongPiece,
  type LongRow,
  type LongSink,
  type Mark,
  type RowFormat,
} from './blocks';
import { CopyBlock } from './copy-block';
import { isEndLine, rowEnd, scanLines } from './copy-lines';
import { LongCopyRow } from './long-copy-row';

const LF = 10;

/** Rows as COPY text. */
export class CopyFormat implements RowFormat {
  readonly #codec: TextCodec;
  readonly #entry: Entry;
  /** Columns of the rows, null when not known. */
  readonly #columns: number | null;

  constructor(entry: Entry, codec: TextCodec, columns: number | null) {
    this.#entry = entry;
    this.#codec = codec;
    this.#columns = columns;
  }

  async *blocks(
    data: DataStream,
    from: Mark,
    { signal }: ReadOptions,
  ): AsyncGenerator<Block | LongPiece, Mark> {
    let { row, position } = from;
    let carried: Buffer[] = [];
    let length = 0;
    /** Bytes of the next piece that belong to an escape or character of a long row; null outside of one. */
    let over: number | null = null;
    /** Behind the pieces of a long row that were given out. */
    let read = 0;
    for await (const piece of data.read(position, { signal })) {
      checkAborted(signal);
      let bytes = piece;
      if (over === null && length > 0) {
        // Most pieces of a very long row have no line feed at all: they are kept apart, not joined again and again.
        if (piece.includes(LF) || length + piece.length > LONGEST_ROW) {
          bytes = Buffer.concat([...carried, piece]);
          [carried, length] = [[], 0];
        } else {
          carried.push(Buffer.from(piece));
          length += piece.length;
          continue;
        }
      }
      if (over !== null) {
        const end = rowEnd(bytes, Math.min(over, bytes.length), this.#codec);
        const last = end.at >= 0;
        read += last ? end.at + 1 : bytes.length;
        const next = last ? { row: row + 1, position: read } : null;
        yield {
          ...{ kind: 'long', row, position, first: false, next },
          bytes: last ? bytes.subarray(0, end.at) : bytes,
        };
        over = over > bytes.length ? over - bytes.length : end.over;
        if (!next) continue;
        over = null;
        ({ row, position } = next);
        bytes = bytes.subarray(end.at + 1);
      }
      const lines = scanLines(bytes, this.#codec);
      if (lines.rows > 0)
        yield this.#block({ row, position }, bytes.subarray(0, lines.end), lines.rows, lines.plain);
      row += lines.rows;
      position += lines.end;
      if (lines.ended) return { row, position };
      const rest = bytes.subarray(lines.end);
      if (rest.length > LONGEST_ROW) {
        over = rowEnd(rest, 0, this.#codec).over;
        read = position + rest.length;
        yield { kind: 'long', row, position, bytes: rest, first: true, next: null };
      } else if (rest.length > 0) {
        carried = [Buffer.from(rest)];
        length = rest.length;
      }
    }
    const rest = Buffer.concat(carried);
    if (over === null && isEndLine(rest, 0, rest.length)) return { row, position };
    throw damage(
      l10n.t('its rows are cut short after {0} rows: the end line is missing', row),
      null,
      entryLabel(this.#entry),
    );
  }

  #block(mark: Mark, bytes: Buffer, rows: number, plain: boolean): Block {
    const next = { row: mark.row + rows, position: mark.position + bytes.length };
    return new CopyBlock({ ...mark, bytes, rows, next, plain }, this.#codec, this.#columns);
  }

  longRow(_piece: LongPiece, sink: LongSink): LongRow {
    return new LongCopyRow(this.#codec, sink);
  }
}
