import type { Writable } from 'node:stream';
import type { ErrorFacts } from '../engine/errors';
import { formatBytes, formatDuration } from '../engine/format';
import type { Io } from './io';

/** A verb's result: with `--json` the document, else what a person reads. */
export function printResult(io: Io, document: object, human: string): void {
  write(io.stdout, io.json ? JSON.stringify(document, null, 2) : human);
}

/** The same for a long result, in pieces that end their lines: only what is printed is made, and not all at once. */
export function printLongResult(io: Io, document: () => object, human: () => Iterable<string>): void {
  if (io.json) return printResult(io, document(), '');
  for (const piece of human()) write(io.stdout, piece);
}

/** A note for people; never on standard output. */
export function note(io: Io, text: string): void {
  write(io.stderr, text);
}

/** Standard error gets the three parts in words; with `--json` standard output gets them as the document. */
export function printError(io: Io, error: ErrorFacts): void {
  write(
    io.stderr,
    [error.what, error.why && `  ${indent(error.why)}`, error.next && `  → ${indent(error.next)}`]
      .filter(Boolean)
      .join('\n'),
  );
  if (io.json) write(io.stdout, JSON.stringify({ error }, null, 2));
}

function indent(text: string): string {
  return text.trimEnd().replaceAll('\n', '\n  ');
}

function write(stream: Writable, text: string): void {
  if (text !== '') stream.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Left-aligned columns, two blanks apart; `right` names the columns aligned to the right. */
export function table(rows: string[][], right: number[] = []): string {
  return [...tablePieces(rows, right)].join('\n');
}

/** Lines of a table written at once. */
const PIECE = 500;

/** A long table in pieces of many lines, without the last one's line end. */
export function* tablePieces(rows: string[][], right: number[] = []): Generator<string> {
  const widths: number[] = [];
  for (const row of rows)
    for (let i = 0; i < row.length; i++) widths[i] = Math.max(widths[i] ?? 0, characters(row[i]!));
  const lineOf = (row: string[]): string => {
    let line = '';
    for (let i = 0; i < row.length; i++) {
      const cell = row[i]!;
      // What pads counts halves of pairs as well.
      const width = widths[i]! + cell.length - characters(cell);
      line += (i > 0 ? '  ' : '') + (right.includes(i) ? cell.padStart(width) : cell.padEnd(width));
    }
    return line.trimEnd();
  };
  for (let at = 0; at < rows.length; at += PIECE)
    yield rows
      .slice(at, at + PIECE)
      .map(lineOf)
      .join('\n');
}

/** Characters of a text; most texts have no pairs of halves, and nothing is made of them. */
function characters(text: string): number {
  return /[\ud800-\udbff]/.test(text) ? [...text].length : text.length;
}

/** A size as everywhere in the product; null is a dash. */
export function bytesText(bytes: number | null): string {
  return bytes === null ? '–' : formatBytes(bytes);
}

/** A duration as everywhere in the product; null is a dash. */
export function durationText(ms: number | null): string {
  return ms === null ? '–' : formatDuration(ms);
}

/**
 * A name as part of a line: what would break the line or move the cursor is shown as an escape, a byte of a dump
 * that does not decode as `\xNN`.
 */
export function printable(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\udc80-\udcff]/gu,
    (c) => {
      const code = c.charCodeAt(0);
      if (code >= 0xdc80) return `\\x${(code - 0xdc00).toString(16)}`;
      const short: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
      return short[c] ?? `\\u${code.toString(16).padStart(4, '0')}`;
    },
  );
}
