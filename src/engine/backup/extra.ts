import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import { optionsFor, type Release } from '../tools';
import type { ToolName } from '../tools/types';

/**
 * Lets free arguments through to the tool unless they fight with ours: where the file goes, which server
 * is asked, how the password travels. getopt's abbreviations and bundled short options count too.
 * Throws `backup.extraArgument`.
 */
export function checkExtra(tool: ToolName, release: Release, extra: string[]): string[] {
  const options = optionsFor(tool, release);
  for (let i = 0; i < extra.length; i++) {
    const word = extra[i]!;
    if (word.startsWith('--') && word.length > 2) {
      const [name] = word.slice(2).split('=', 1);
      const exact = options.find((option) => option.flag === name);
      const meant = exact ? [exact] : options.filter((option) => option.flag.startsWith(name!));
      const managed = meant.find((option) => option.managed);
      if (managed) throw refused(`--${managed.flag}`, managed.managed!);
      if (meant[0] && meant[0].takes !== 'nothing' && !word.includes('=')) i++;
    } else if (/^-[^-]/.test(word)) {
      for (let at = 1; at < word.length; at++) {
        const option = options.find(({ short }) => short === word[at]);
        if (option?.managed) throw refused(word.slice(0, 1) + word[at], option.managed);
        if (!option || option.takes === 'nothing') continue;
        if (at === word.length - 1) i++;
        break;
      }
    } else throw refused(word, l10n.t('It is no option, and {0} would take it for a database.', tool));
  }
  return extra;
}

function refused(argument: string, why: string): RestorePointError {
  return new RestorePointError({
    code: 'backup.extraArgument',
    what: l10n.t('The argument {0} cannot be given on.', argument),
    why,
    next: l10n.t('Leave it out of the free arguments.'),
  });
}
