import { tokens } from '../sql/tokens';
import { copyOptions, type CopyOptions } from './copy-options';

export interface CopyTarget {
  schema: string | null;
  table: string;
  /** Null when the statement lists none: the table's own. */
  columns: string[] | null;
  /** WITH OIDS of pg_dump before 12: every row begins with its OID. */
  oids: boolean;
  /** Options after FROM stdin (FORMAT csv, DELIMITER …); null for none, `unread` where rows cannot be read for them. */
  options: CopyOptions | 'unread' | null;
  /** Where the options begin in the statement. */
  end: number;
}

/** The target of a `COPY … FROM stdin` statement, null for any other statement. */
export function copyTarget(statement: string): CopyTarget | null {
  const words = tokens(statement);
  const next = () => words.next().value ?? { type: 'other' as const, text: '', end: 0 };
  const isName = ({ type }: { type: string }): boolean => type === 'word' || type === 'name';
  if (next().text !== 'copy') return null;
  let schema: string | null = null;
  let table = next();
  if (!isName(table)) return null;
  let token = next();
  while (token.text === '.') {
    schema = table.text;
    table = next();
    token = next();
  }
  if (!isName(table)) return null;
  let columns: string[] | null = null;
  if (token.type === 'other' && token.text === '(') {
    columns = [];
    for (token = next(); isName(token); token = next()) {
      columns.push(token.text);
      token = next();
      if (token.text !== ',') break;
    }
    if (token.text !== ')') return null;
    token = next();
  }
  const oids = token.text === 'with';
  if (oids) {
    if (next().text !== 'oids') return null;
    token = next();
  }
  if (token.type !== 'word' || token.text !== 'from') return null;
  token = next();
  if (token.type !== 'word' || token.text !== 'stdin') return null;
  const after = [...words];
  const plain = after.length === 0 || after[0]!.text === ';';
  const options = plain ? null : (copyOptions(statement, after) ?? 'unread');
  return { schema, table: table.text, columns, oids, options, end: token.end };
}

/** How the rows behind a COPY statement are written. */
export interface CopyRows {
  /** Columns of each; null when not known. */
  copyColumns: number | null;
  /** By other options than those of COPY text: decoded by `CopyDecoder`. */
  decoding?: { options: CopyOptions; columns: string[] | null } | null;
}

/** `counted` false: nobody asks whether rows have as many columns as the statement lists. */
export function copyRows(statement: string, counted = true): CopyRows {
  const target = copyTarget(statement);
  if (target?.options && target.options !== 'unread')
    return { copyColumns: null, decoding: { options: target.options, columns: target.columns } };
  return { copyColumns: counted ? columnCount(statement + ';') : null };
}

/** Columns every row of the statement's data must have: null when not known, 0 for a table without any. */
export function columnCount(copyStatement: string): number | null {
  const target = copyTarget(copyStatement);
  if (!target || target.options) return null;
  // pg_dump lists the columns always, unless there are none.
  return target.columns
    ? target.columns.length + Number(target.oids)
    : /\S {2}FROM stdin;/.test(copyStatement)
      ? 0
      : null;
}
