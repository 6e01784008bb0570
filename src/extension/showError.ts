import * as vscode from 'vscode';
import type { ErrorFacts, Remedy } from '../engine/errors';
import { RpcError } from '../shared/rpc';
import { isQuiet } from './cancel';
import { engine } from './engine';
import type { CommandId } from './ids';
import type { Log } from './log';
import type { Target } from './target';
import { Untrusted } from './trust';

/** What the buttons of an error may need. */
export interface ErrorContext {
  /** Runs what failed again. Absent: it cannot be. */
  again?(more?: { runAnyway: true }): void;
  /** What it was about, where the error itself does not say. */
  about?: Target;
  /** What "Show Log" opens; the extension's own log when absent. */
  showLog?(): void;
}

/** What each remedy's button says and does. */
function remedyButton(
  { do: kind, with: facts = {} }: Remedy,
  { again, about }: ErrorContext,
): Button | undefined {
  const command = (id: CommandId, ...args: unknown[]): (() => void) => {
    return () => void vscode.commands.executeCommand(id, ...args);
  };
  const target: Target = { connection: facts.connection ?? about?.connection, job: facts.job ?? about?.job };
  switch (kind) {
    case 'editConnection':
      return {
        label: vscode.l10n.t('Edit Connection'),
        press: command('restorePoint.editConnection', target),
      };
    case 'enterPassword':
      return { label: vscode.l10n.t('Enter Password'), press: command('restorePoint.enterPassword', target) };
    case 'testConnection':
      return {
        label: vscode.l10n.t('Test Connection'),
        press: command('restorePoint.testConnection', target),
      };
    case 'installTools':
      return {
        label: vscode.l10n.t('How to Install'),
        press: command('restorePoint.installTools', { ...facts }),
      };
    case 'addToolFolder':
      return { label: vscode.l10n.t('Add Folder'), press: command('restorePoint.addToolFolder') };
    case 'chooseFolder':
      return {
        label: vscode.l10n.t('Choose Folder'),
        press: command('restorePoint.openSettings', 'backups.folder'),
      };
    case 'openSetting':
      return {
        label: vscode.l10n.t('Open Setting'),
        press: command('restorePoint.openSettings', facts.setting),
      };
    case 'chooseDatabase':
      return {
        label: vscode.l10n.t('Choose Database'),
        press: command('restorePoint.restoreWithOptions', { ...target, artifact: about?.artifact }),
      };
    case 'restoreInPlace':
      return {
        label: vscode.l10n.t('Restore in Place'),
        press: command('restorePoint.restore', {
          ...target,
          artifact: about?.artifact,
          ...(facts.database === undefined ? {} : { into: facts.database }),
          request: { strategy: 'in-place' },
        }),
      };
    case 'cancelOther':
      return { label: vscode.l10n.t('Cancel Other Job'), press: command('restorePoint.cancelJob', target) };
    case 'retry':
      return again && { label: vscode.l10n.t('Try Again'), press: () => again() };
    case 'runAnyway':
      return again && { label: vscode.l10n.t('Run Anyway'), press: () => again({ runAnyway: true }) };
    case 'showLog':
      // Every error has it.
      return undefined;
  }
}

interface Button {
  label: string;
  press(): void;
}

/** Anything thrown as the three sentences; the engine's errors carry their own. */
export async function factsOf(error: unknown): Promise<ErrorFacts> {
  return ownFacts(error) ?? (await engine()).toFacts(error);
}

/** The same where there is no waiting for the engine: a stranger is worded without it. */
export function plainFacts(error: unknown): ErrorFacts {
  const message = error instanceof Error ? error.message : String(error);
  return (
    ownFacts(error) ?? {
      code: 'unexpected',
      what: vscode.l10n.t('Something unexpected happened.'),
      why: message,
      next: '',
      remedies: [{ do: 'showLog' }],
    }
  );
}

/** Facts that came with the error: from the other side of a call, or the shell's own. */
function ownFacts(error: unknown): ErrorFacts | undefined {
  if (error instanceof Untrusted)
    return { code: 'workspace.untrusted', what: error.message, why: '', next: '', remedies: [] };
  return error instanceof RpcError ? error.facts : undefined;
}

/** What, why and next as one message, with a button for each remedy; cancelling shows nothing. */
export async function showError(error: unknown, log: Log, context: ErrorContext = {}): Promise<void> {
  if (isQuiet(error)) return;
  const facts = await factsOf(error);
  log.error(`${facts.code}: ${facts.what} ${facts.why} ${facts.next}`);
  if (error instanceof Error && error.stack && facts.code === 'unexpected') log.error(error.stack);
  const buttons = (facts.remedies ?? []).flatMap((remedy) => remedyButton(remedy, context) ?? []);
  buttons.push({ label: vscode.l10n.t('Show Log'), press: context.showLog ?? (() => log.show()) });
  const text = log.mask([facts.what, facts.why, facts.next].filter(Boolean).join(' '));
  const pressed = await vscode.window.showErrorMessage(text, ...buttons.map(({ label }) => label));
  buttons.find(({ label }) => label === pressed)?.press();
}
