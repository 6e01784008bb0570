import * as vscode from 'vscode';
import type { ContentsProblem } from '../../shared/contentsPage';
import { revealer } from '../revealer';
import { plainFacts } from '../showError';
import type { ContentsDocument } from './contentsDocument';

/** Why a file shows no contents, and what a person can do about it. */
export function problemOf(error: unknown, { uri }: ContentsDocument): ContentsProblem {
  const facts = plainFacts(error);
  const memory = facts.code === 'reader.memory' || facts.code === 'archive.tooMuch';
  const lost = memory || facts.code.startsWith('reader.');
  const text = { id: 'openAsText', label: vscode.l10n.t('Open as Text') } as const;
  const again = { id: 'refresh', label: vscode.l10n.t('Open Again') } as const;
  const place = uri.scheme === 'file' ? revealer(uri) : undefined;
  const setting = { id: 'openSetting', label: vscode.l10n.t('Open Setting') } as const;
  return {
    ...facts,
    actions: lost
      ? [{ ...again, primary: true }, ...(memory ? [setting] : [])]
      : [
          { ...text, primary: true },
          again,
          ...(place ? [{ id: 'reveal', label: place.label } as const] : []),
        ],
  };
}
