import { tokens } from '../sql/tokens';

export interface CopyTarget {
  schema: string | null;
  table: string;
  /** Null when the statement lists none: the table's own. */
  columns: string[] | null;
  /** WITH OIDS of pg_dump before 12: every row begins with its OID. */
  oids: boolean;
  /** Options after FROM stdin (FORMAT csv, DELIMITER …): then the rows are not plain COPY text. */
  options: boolean;
}

/** The target of a `COPY … FROM stdin` statement, null for any other statement. */
export function copyTarget(statement: string): CopyTarget | null {
  const words = tokens(statement);
  const next = () => words.next().value ?? { type: 'other' as const, text: '' };
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
  const after = next();
  const options = after.text !== '' && after.text !== ';';
  return { schema, table: table.text, columns, oids, options };
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
