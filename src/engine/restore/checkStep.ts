import * as l10n from '@vscode/l10n';
import type { CheckRestoredStep, UserCheck } from '../plan';
import type { Source } from './types';

/** The checks of a rehearsal, on a database that was restored. */
export function checkStep(
  source: Pick<Source, 'path' | 'bytes'>,
  database: string,
  entries: number | null,
  checks: UserCheck[] = [],
): CheckRestoredStep {
  return {
    do: 'checkRestored',
    title: l10n.t('Check what was restored'),
    weight: source.bytes / 5,
    connection: 'target',
    database,
    artifact: source.path,
    entries: entries ?? 0,
    checks,
  };
}
