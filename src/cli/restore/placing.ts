import * as l10n from '@vscode/l10n';
import type { CopyWay } from '../../engine/physical';
import { oneOf, UsageError } from '../args';

const ways: readonly CopyWay[] = ['copy', 'clone', 'copy-file-range'];

/** `--copy-method`: how unchanged files of a chain come over. */
export function copyWay(value: string | undefined): CopyWay {
  return oneOf('copy-method', value ?? 'copy', ways);
}

/** `--tablespace-mapping OLD=NEW`, repeated: new folders by name, OID or old folder. */
export function tablespaceMapping(values: readonly string[] | undefined): Record<string, string> {
  return Object.fromEntries((values ?? []).map(pair));
}

function pair(value: string): [string, string] {
  const at = value.indexOf('=');
  if (at > 0 && at < value.length - 1) return [value.slice(0, at), value.slice(at + 1)];
  throw new UsageError(l10n.t('--{0} takes OLD=NEW.', 'tablespace-mapping'));
}
