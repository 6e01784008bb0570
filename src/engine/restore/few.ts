import * as l10n from '@vscode/l10n';

const shown = 8;

/** Names in a sentence: the first ones, and how many more. */
export function few(names: readonly string[]): string {
  return names.length > shown
    ? l10n.t('{0} and {1} more', names.slice(0, shown).join(', '), names.length - shown)
    : names.join(', ');
}
