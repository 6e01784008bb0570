import * as vscode from 'vscode';
import { Dismissed } from '../cancel';
import type { Ask } from '../ask';

/** One thing that can be set: its value now, and how to change it. */
export interface Row {
  /** The option's name; also what a scripted answer names. */
  id: string;
  /** Rows of one heading stand together. */
  heading: string;
  label: string;
  /** What it is set to; empty where nothing was said. */
  value: string;
  /** What it means. */
  detail: string;
  /** Asks for another value; closing the question leaves it as it was. */
  change(): Promise<void>;
}

export interface Action {
  id: string;
  label: string;
  detail?: string;
}

export interface Sheet {
  /** Names the question for scripted answers. */
  id: string;
  title: string;
  placeholder: string;
  /** Above the rows; the first is what Enter does at once. Asked anew after each change. */
  actions(): Action[];
  /** Asked anew after each change. */
  rows(): Row[];
}

/** A switch's value as a row shows it; empty where it is off. */
export function switchText(on: boolean | undefined): string {
  return on ? `$(check) ${vscode.l10n.t('on')}` : '';
}

/**
 * Shows everything that can be set in one list with the values there are, until an action is chosen.
 * Closing it ends the command with `Dismissed`.
 */
export async function askSheet(ask: Ask, sheet: Sheet): Promise<string> {
  let last: string | undefined;
  for (;;) {
    const rows = sheet.rows();
    const chosen = await ask.pick<string>({
      id: sheet.id,
      title: sheet.title,
      placeholder: sheet.placeholder,
      options: [
        ...sheet.actions().map(({ id, label, detail }) => ({
          label,
          detail,
          picked: last === undefined,
          value: id,
        })),
        ...rows.map(({ id, heading, label, value, detail }, index) => ({
          label,
          description: value,
          detail,
          heading: heading === rows[index - 1]?.heading ? undefined : heading,
          picked: id === last,
          value: id,
        })),
      ],
    });
    const row = rows.find(({ id }) => id === chosen);
    if (!row) return chosen;
    last = chosen;
    try {
      await row.change();
    } catch (error) {
      if (!(error instanceof Dismissed)) throw error;
    }
  }
}
