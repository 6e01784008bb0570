import type { Archive } from '../../../engine/archive';
import type { CopiedRows } from '../../../shared/contentsPage';

interface Options {
  signal: AbortSignal;
  onProgress: (fraction: number) => void;
}

/** Bytes that are put on the clipboard at most: more stops the editor, and is for an export. */
const most = 16 * 1024 * 1024;

/** Rows as text for the clipboard, whole rows up to a bound. */
export async function textOfRows(
  archive: Archive,
  what: CopiedRows,
  options: Options,
): Promise<{ text: string; rows: number; complete: boolean }> {
  if (what.format === 'text') return await textOfCell(archive, what, options);
  const { id, rows: wanted, columns, format, headers } = what;
  let rows = 0;
  let bytes = 0;
  let complete = true;
  const pieces: Buffer[] = [];
  const written = archive.exportRows(id, {
    format: format === 'json' ? 'jsonl' : format,
    rows: wanted,
    columns,
    header: headers,
    onRows: (count) => (rows = count),
    ...options,
  });
  for await (const piece of written) {
    bytes += piece.length;
    if (bytes > most) {
      complete = false;
      break;
    }
    pieces.push(piece);
  }
  const text = Buffer.concat(pieces).toString('utf8');
  return { text: finished(text, format, complete), rows, complete };
}

/** Lines without the last line's end: pasted into a cell it would begin another. */
function finished(text: string, format: CopiedRows['format'], complete: boolean): string {
  const lines = text.replace(/\n$/, '');
  if (/^(?:inserts|upserts)/.test(format) && !complete) return `${lines};`;
  if (format !== 'json') return lines;
  const objects = lines === '' ? [] : lines.split('\n');
  return objects.length === 1 ? objects[0]! : `[\n${objects.join(',\n')}\n]`;
}

/** The bare value of one cell; nothing for NULL. */
async function textOfCell(
  archive: Archive,
  { id, rows, columns }: CopiedRows,
  { signal }: Options,
): Promise<{ text: string; rows: number; complete: boolean }> {
  const row = Array.isArray(rows) ? (rows[0] ?? 0) : rows.from;
  let text = '';
  for await (const piece of (await archive.value(id, row, columns[0] ?? 0, { signal })) ?? []) {
    text += piece;
    if (text.length > most) return { text: text.slice(0, most), rows: 1, complete: false };
  }
  return { text, rows: 1, complete: true };
}
