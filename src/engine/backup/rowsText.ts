/** First rows of COPY data in text or CSV, for previews and headers. Values are text, null is NULL. */

export interface RowsShape {
  format: 'csv' | 'tsv';
  delimiter?: string;
  null?: string;
}

/**
 * Up to `limit` rows from the beginning of a file's text. A last row without its line break is given
 * only when `whole` says that the text ends there.
 */
export function firstRows(
  text: string,
  shape: RowsShape,
  limit: number,
  whole: boolean,
): (string | null)[][] {
  return shape.format === 'csv' ? csvRows(text, shape, limit, whole) : textRows(text, shape, limit, whole);
}

function csvRows(text: string, shape: RowsShape, limit: number, whole: boolean): (string | null)[][] {
  const delimiter = shape.delimiter ?? ',';
  const nothing = shape.null ?? '';
  const rows: (string | null)[][] = [];
  let row: (string | null)[] = [];
  let value = '';
  let quoted = false;
  let inQuotes = false;
  const endValue = (): void => {
    row.push(!quoted && value === nothing ? null : value);
    value = '';
    quoted = false;
  };
  for (let i = 0; i < text.length && rows.length < limit; i++) {
    const c = text[i]!;
    if (inQuotes) {
      if (c !== '"') value += c;
      else if (text[i + 1] === '"') {
        value += '"';
        i++;
      } else inQuotes = false;
    } else if (c === '"') {
      quoted = true;
      inQuotes = true;
    } else if (c === delimiter) endValue();
    else if (c === '\n' || c === '\r') {
      if (c === '\r' && text[i + 1] === '\n') i++;
      endValue();
      rows.push(row);
      row = [];
    } else value += c;
  }
  if (whole && rows.length < limit && (value !== '' || quoted || row.length)) {
    endValue();
    rows.push(row);
  }
  return rows;
}

/** COPY's text format: backslash sequences, https://www.postgresql.org/docs/current/sql-copy.html */
const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function textRows(text: string, shape: RowsShape, limit: number, whole: boolean): (string | null)[][] {
  const delimiter = shape.delimiter ?? '\t';
  const nothing = shape.null ?? '\\N';
  const lines = text.split(/\r?\n/);
  const last = lines.pop()!;
  if (whole && last !== '') lines.push(last);
  return lines
    .slice(0, limit)
    .map((line) => fields(line, delimiter).map((value) => (value === nothing ? null : unescape(value))));
}

/** Parts a line at its delimiters, not at those behind a backslash. */
function fields(line: string, delimiter: string): string[] {
  const found = [''];
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (c === delimiter) found.push('');
    else found[found.length - 1] += c === '\\' && i + 1 < line.length ? c + line[++i]! : c;
  }
  return found;
}

function unescape(value: string): string {
  return value.replace(/\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)/gs, (_, code: string) => {
    if (/^x./.test(code)) return String.fromCharCode(parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(parseInt(code, 8) & 255);
    return escapes[code] ?? code;
  });
}
