import * as vscode from 'vscode';
import type { Services } from '../services';
import { showError } from '../showError';
import type { Target } from '../target';
import { requireTrust } from '../trust';
import type { Call, Command } from './command';

/**
 * Registers commands behind one wrapper: without trust they refuse, failures are shown in three parts
 * with their remedies as buttons, closing a question is no failure.
 */
export function registerCommands(commands: Command[], services: Services): vscode.Disposable {
  const registrations = commands.map((command) =>
    vscode.commands.registerCommand(command.id, (...args: unknown[]) =>
      invoke(command, services, toCall(args)),
    ),
  );
  return vscode.Disposable.from(...registrations);
}

async function invoke(command: Command, services: Services, call: Call): Promise<unknown> {
  try {
    if (!command.untrusted) requireTrust();
    return await command.run(services, call);
  } catch (error) {
    void showError(error, services.log, {
      about: call.target,
      again: (more) => {
        void invoke(command, services, { ...call, runAnyway: more?.runAnyway ?? call.runAnyway });
      },
    });
    if (services.throwErrors) throw error;
    return undefined;
  }
}

/** The editor calls with the row and the selected rows, the Explorer with URIs, code with plain data. */
function toCall([first, second]: unknown[]): Call {
  const targets = (Array.isArray(second) && second.length ? second : [first]).map(toTarget);
  return { target: toTarget(first ?? second), targets, runAnyway: false };
}

function toTarget(value: unknown): Target {
  if (value instanceof vscode.Uri) return { artifact: value.fsPath };
  if (typeof value === 'string') return { setting: value };
  if (typeof value !== 'object' || value === null) return {};
  return isRow(value) ? { ...value.target, row: value } : value;
}

function isRow(value: object): value is NonNullable<Target['row']> {
  return 'target' in value && 'item' in value;
}
