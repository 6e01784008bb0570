import * as vscode from 'vscode';
import type { Ask } from '../ask';
import { Dismissed } from '../cancel';

/** Changes a list of texts: add one, take one away, until it is left. */
export async function askList(
  ask: Ask,
  question: {
    id: string;
    title: string;
    prompt: string;
    validate?(text: string): string | undefined;
  },
  list: string[],
): Promise<string[]> {
  const texts = [...list];
  for (;;) {
    const chosen = texts.length
      ? await ask.pick<'add' | 'done' | number>({
          id: `${question.id}.list`,
          title: question.title,
          placeholder: vscode.l10n.t('Choosing an entry takes it away.'),
          options: [
            { label: `$(check) ${vscode.l10n.t('Done')}`, value: 'done' },
            { label: `$(add) ${vscode.l10n.t('Add…')}`, value: 'add' },
            ...texts.map((label, index) => ({
              label,
              description: vscode.l10n.t('take away'),
              value: index,
            })),
          ],
        })
      : 'add';
    if (chosen === 'done') return texts;
    if (chosen !== 'add') {
      texts.splice(chosen, 1);
      if (!texts.length) return texts;
      continue;
    }
    try {
      texts.push(
        await ask.text({ ...question, validate: (text) => required(text) ?? question.validate?.(text) }),
      );
    } catch (error) {
      // Closing the first entry's question leaves the whole list; a later one's, only that entry.
      if (!(error instanceof Dismissed) || !texts.length) throw error;
    }
  }
}

function required(text: string): string | undefined {
  return text === '' ? vscode.l10n.t('This is needed.') : undefined;
}
