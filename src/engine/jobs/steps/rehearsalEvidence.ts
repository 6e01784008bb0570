import * as l10n from '@vscode/l10n';
import { recordEvidence, type Evidence } from '../../artifacts';
import { RestorePointError } from '../../errors';
import type { StepContext } from './types';

/** Faults kept with the evidence. */
export const keptFaults = 100;

/** A base backup that cannot even be restored, recovered or started has not passed its rehearsal. */
export async function keepFailure(
  artifact: string,
  context: StepContext,
  { what, why }: RestorePointError,
): Promise<void> {
  await recordEvidence(
    artifact,
    {
      level: 'rehearsal',
      ok: false,
      at: new Date().toISOString(),
      durationMs: Math.round(context.elapsed()),
      faults: [
        ...context.notes.rehearsed.faults,
        { what: [what, why].filter(Boolean).join(' '), entry: null, offset: null },
      ],
    },
    [],
  );
}

/** Faults that a rehearsal found are its failure. */
export function rehearsalFailure(faults: NonNullable<Evidence['faults']>): RestorePointError {
  const shown = faults.slice(0, 5).map(({ entry, what }) => (entry ? `${entry}: ${what}` : what));
  return new RestorePointError({
    code: 'rehearsal.faults',
    what:
      faults.length === 1
        ? l10n.t('The rehearsal found a fault.')
        : l10n.t('The rehearsal found {0} faults.', faults.length),
    why: shown.join('\n'),
    next: l10n.t('It is kept with the backup. Mend what the faults name, or take another backup.'),
    remedies: [{ do: 'showLog' }, { do: 'retry' }],
  });
}
