import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { theOne } from '../args';

/** The folder an action is about. */
export function oneFolder(positionals: string[]): string {
  return resolve(theOne(positionals, l10n.t('One folder of WAL is needed.')));
}
