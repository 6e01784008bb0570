/**
 * Every failure a person sees has three parts: what happened, why (the server's or the tool's own
 * words, code, detail and hint), and what to do next. The shell turns `remedies` into buttons.
 */

/** A thing a person can press or run to get on; the shell maps each to a command or a hint. */
export interface Remedy {
  /** What pressing it does. */
  do:
    | 'editConnection'
    | 'enterPassword'
    | 'testConnection'
    | 'installTools'
    | 'addToolFolder'
    | 'chooseFolder'
    | 'showLog'
    | 'retry'
    | 'openSetting'
    | 'runAnyway'
    | 'chooseDatabase'
    | 'restoreInPlace'
    | 'cancelOther';
  /** Facts the action needs, never secrets: a setting's name, a job id, a folder. */
  with?: Record<string, string>;
}

export interface ErrorFacts {
  /** Stable, dotted: `connection.refused`, `tool.missing`, `disk.full`, `lock.held`, … */
  code: string;
  /** What happened, one sentence. */
  what: string;
  /** Why: the cause in the words of whoever reported it (message, SQLSTATE, detail, hint). */
  why: string;
  /** What to do next, one sentence. */
  next: string;
  remedies?: Remedy[];
  /** SQLSTATE where a server reported one (five characters). */
  sqlState?: string;
}

export class RestorePointError extends Error implements ErrorFacts {
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly next: string;
  readonly remedies: Remedy[];
  readonly sqlState?: string;

  constructor(facts: ErrorFacts, options?: { cause?: unknown }) {
    super(facts.why ? `${facts.what} ${facts.why}` : facts.what, options);
    this.name = 'RestorePointError';
    this.code = facts.code;
    this.what = facts.what;
    this.why = facts.why;
    this.next = facts.next;
    this.remedies = facts.remedies ?? [];
    if (facts.sqlState) this.sqlState = facts.sqlState;
  }

  /** The plain data of the error: what `--json` prints under `error` and what a job's event carries. */
  facts(): ErrorFacts {
    const { code, what, why, next, remedies, sqlState } = this;
    return { code, what, why, next, remedies, ...(sqlState ? { sqlState } : {}) };
  }
}

/** Cancelling is not a failure: nothing shows it as one. */
export class CancelledError extends Error {
  constructor(message = 'Cancelled.') {
    super(message);
    this.name = 'CancelledError';
  }
}

export function isCancelled(error: unknown): boolean {
  return error instanceof CancelledError || (error instanceof Error && error.name === 'AbortError');
}

/** Any thrown value as facts; a stranger gets the code `unexpected` and keeps its message. */
export function toFacts(error: unknown): ErrorFacts {
  if (error instanceof RestorePointError) return error.facts();
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'unexpected',
    what: 'Something unexpected happened.',
    why: message,
    next: 'Read the log; if it happens again, report it with the log.',
    remedies: [{ do: 'showLog' }],
  };
}
