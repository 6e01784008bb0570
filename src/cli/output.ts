import type { Writable } from 'node:stream';
import type { ErrorFacts } from '../engine/errors';
import { formatBytes, formatDuration } from '../engine/format';
import type { Io } from './io';

/** A verb's result: with `--json` the document, else what a person reads. */
export function printResult(io: Io, document: object, human: string): void {
  write(io.stdout, io.json ? JSON.stringify(document, null, 2) : human);
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
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, [...cell].length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => {
          const pad = ' '.repeat(widths[i]! - [...cell].length);
          return right.includes(i) ? pad + cell : cell + pad;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
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
