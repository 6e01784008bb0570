import type * as vscode from 'vscode';

/** Thrown when a person closes a question: the command ends, and nothing is shown. */
export class Dismissed extends Error {
  constructor() {
    super('Dismissed.');
    this.name = 'Dismissed';
  }
}

/** Whether ending here is what the person wants: a closed question, or a cancelled run of the engine. */
export function isQuiet(error: unknown): boolean {
  // By name: the engine's classes live in a bundle of their own.
  return error instanceof Error && ['Dismissed', 'CancelledError', 'AbortError'].includes(error.name);
}

/** The editor's way to cancel as Node's. */
export function signalOf(token: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
