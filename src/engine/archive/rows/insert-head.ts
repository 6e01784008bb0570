import { tokens, type Token } from '../sql/tokens';
import type { TextCodec } from '../text';
import type { TableName } from './definition';

/** What an INSERT statement says before its rows. */
export interface InsertHead {
  table: TableName;
  /** Null when it lists none: all of the table's. */
  columns: string[] | null;
  /** `INSERT INTO t DEFAULT VALUES`: one row without values. */
  defaultValues: boolean;
}

/** `next` is the byte behind VALUES. Statements that insert no rows that are written down have no head. */
export interface ReadHead {
  head: InsertHead | null;
  next: number;
}

/**
 * Reads a statement's beginning; null when more of it is needed. By bytes: every character that matters is below 0x80
 * and never part of another.
 */
export function readHead(bytes: Buffer, codec: TextCodec): ReadHead | null {
  const text = bytes.toString('latin1');
  const list: Token[] = [];
  const words = tokens(text);
  /** The token, only when another follows: the last one of a piece may go on. */
  const at = (index: number): Token | null => {
    while (list.length < index + 2) {
      const { value, done } = words.next();
      if (done) return null;
      list.push(value);
    }
    return list[index]!;
  };
  const name = ({ type, start, end, text: unquoted }: Token): string => {
    // Lower case is for ASCII only: other bytes are parts of characters.
    const raw = type === 'name' ? unquoted : text.slice(start, end).replace(/[A-Z]/g, (c) => c.toLowerCase());
    return codec.decode(Buffer.from(raw, 'latin1'));
  };
  const isName = ({ type }: Token): boolean => type === 'word' || type === 'name';
  const nothing = { head: null, next: 0 };

  const first = at(0);
  if (!first) return null;
  if (first.text !== 'insert') return nothing;
  if (!at(1)) return null;
  if (at(1)!.text !== 'into') return nothing;
  let table = null as TableName | null;
  let n = 2;
  for (; ; n += 2) {
    const part = at(n);
    const after = at(n + 1);
    if (!part || !after) return null;
    if (!isName(part)) return nothing;
    table = { schema: table?.name ?? null, name: name(part) };
    if (after.text !== '.') break;
  }
  n++;
  let columns: string[] | null = null;
  for (let depth = 0; ; n++) {
    const token = at(n);
    if (!token) return null;
    if (token.type === 'other' && token.text === ';') return nothing;
    if (token.type === 'other' && token.text === '(') {
      if (depth++ === 0) columns ??= [];
    } else if (token.type === 'other' && token.text === ')') depth--;
    else if (depth > 0) {
      if (isName(token)) columns!.push(name(token));
    } else if (token.type === 'word' && token.text === 'values') {
      const defaultValues = list[n - 1]?.type === 'word' && list[n - 1]!.text === 'default';
      return { head: { table: table!, columns, defaultValues }, next: token.end };
    } else if (
      token.type === 'word' &&
      (token.text === 'select' || token.text === 'with' || token.text === 'table')
    )
      return nothing;
  }
}
