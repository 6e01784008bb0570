import * as vscode from 'vscode';
import type { JobEvent, JobResult } from '../../engine/jobs';
import { count, duration } from '../format';

/** Progress is written at most this often; the events' own clock counts. */
const progressMs = 500;

const colours = {
  plain: '',
  bold: '\u001b[1m',
  warning: '\u001b[33m',
  error: '\u001b[31m',
  good: '\u001b[32m',
};
const reset = '\u001b[0m';
const clearLine = '\r\u001b[K';

type Colour = keyof typeof colours;

/**
 * A job's events as a terminal shows them: lines that stay for steps, complaints and the end, and one
 * line of progress below them that is written over.
 */
export class Printer {
  readonly #mask: (text: string) => string;
  readonly #columns: () => number;
  #progressShown = false;
  #progressAt = Number.NEGATIVE_INFINITY;
  #result: JobResult | undefined;

  constructor({ mask, columns }: { mask(text: string): string; columns(): number }) {
    this.#mask = mask;
    this.#columns = columns;
  }

  /** What to write for an event; empty where nothing. */
  event(event: JobEvent): string {
    switch (event.type) {
      case 'step':
        return this.line(`▸ ${event.title}`, 'bold');
      case 'progress':
        return this.#progress(event);
      case 'log': {
        // What restores is judged: its complaints come again as messages.
        const judged = /^(pg_restore|psql)$/.test(event.source ?? '');
        return event.level === 'info' || judged ? '' : this.line(event.text, event.level);
      }
      case 'message': {
        const { verdict, entry, text, reason, next } = event.message;
        if (verdict === 'harmless') return '';
        const said = [
          `${entry === null ? '' : `${entry}: `}${text}`,
          `  ${reason}`,
          ...(next ? [`  → ${next}`] : []),
        ];
        return this.line(said.join('\n'), verdict === 'failed' ? 'error' : 'warning');
      }
      case 'error':
        return this.failure(event.error);
      case 'result':
        this.#result = event.result;
        return '';
      case 'state':
        return this.#state(event);
      case 'process':
        return '';
    }
  }

  /** One or several lines that stay, masked; control characters in names are shown, not obeyed. */
  line(text: string, colour: Colour = 'plain'): string {
    const shown = this.#mask(text)
      .split('\n')
      .map((one) => `${colours[colour]}${printable(one)}${colour === 'plain' ? '' : reset}\r\n`);
    return this.#clear() + shown.join('');
  }

  /** What, why and next. */
  failure({ what, why, next }: { what: string; why: string; next: string }): string {
    return this.line(what, 'error') + this.line([why, next].filter(Boolean).join('\n'));
  }

  #state({ state, reason }: Extract<JobEvent, { type: 'state' }>): string {
    switch (state) {
      case 'queued':
        return reason ? this.line(reason) : '';
      case 'running':
        return '';
      case 'succeeded':
        return this.line(this.#done(), 'good');
      case 'failed':
        // The error came before and says more.
        return this.line(vscode.l10n.t('Failed.'), 'error');
      case 'cancelled':
        return this.line(vscode.l10n.t('Cancelled.'), 'warning');
      case 'interrupted':
        return this.line(vscode.l10n.t('Interrupted: its runner is gone.'), 'error');
    }
  }

  #done(): string {
    const { durationMs, entries } = (this.#result ?? {}) as {
      durationMs?: number;
      entries?: { restored?: number; harmless?: number };
    };
    return [
      vscode.l10n.t('Done'),
      ...(durationMs === undefined ? [] : [duration(durationMs)]),
      ...(entries?.restored === undefined
        ? []
        : [vscode.l10n.t('{0} entries restored', count(entries.restored))]),
      ...(entries?.harmless ? [vscode.l10n.t('{0} harmless messages', count(entries.harmless))] : []),
    ].join(' · ');
  }

  #progress({ ms, fraction, what, remainingMs }: Extract<JobEvent, { type: 'progress' }>): string {
    if (ms - this.#progressAt < progressMs) return '';
    this.#progressAt = ms;
    this.#progressShown = true;
    const text = [
      fraction === null ? '…' : vscode.l10n.t('{0} %', Math.floor(fraction * 100)),
      ...(remainingMs === null ? [] : [vscode.l10n.t('{0} left', duration(remainingMs))]),
      printable(this.#mask(what)),
    ].join(' · ');
    return clearLine + clip(text, this.#columns() - 1);
  }

  #clear(): string {
    if (!this.#progressShown) return '';
    this.#progressShown = false;
    return clearLine;
  }
}

/** Cut to a terminal's width: a line that wraps cannot be written over. Anything past Latin may be two wide. */
function clip(text: string, columns: number): string {
  let width = 0;
  let result = '';
  for (const character of text) {
    width += (character.codePointAt(0) ?? 0) > 0x2fff ? 2 : 1;
    if (width > columns) break;
    result += character;
  }
  return result;
}

/** Names and servers' words may hold what a terminal obeys. */
function printable(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
