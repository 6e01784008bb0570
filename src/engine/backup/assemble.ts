import * as l10n from '@vscode/l10n';
import type { ArtifactDraft } from '../artifacts/types';
import type { Estimate, LockTarget, Plan, Step, Warning } from '../plan';
import { spaceWarning } from './estimate';
import type { PlanContext, VerifyLevel } from './types';

/** How far to read back when nobody says: a new artifact starts with counted rows (docs/decisions.md). */
export const defaultVerify: VerifyLevel = 'contents';

/** Reading back against dumping, per byte of relation: docs/decisions.md. */
const finishShare: Record<VerifyLevel | 'none', number> = { contents: 0.25, checksum: 0.03, none: 0.01 };

export interface PlanParts extends Omit<Parts, 'connections' | 'rowsMayFall'> {
  context: PlanContext;
}

/** The same of what needs no server. */
interface Parts {
  kind: 'backup' | 'copyOut';
  title: string;
  connections: Plan['connections'];
  steps: Step[];
  /** What takes away what the steps left outside of the backup. */
  onFailure?: Step[];
  locks: LockTarget[];
  artifact: ArtifactDraft;
  verify: VerifyLevel | 'none';
  warnings: Warning[];
  estimate: Estimate;
  facts: Plan['facts'];
  /** As in `PlanContext`. */
  rowsMayFall?: number | undefined;
}

/** The plan every method ends in: its steps, then checksums, sync, rename, manifest. */
export function assemble({ context, ...parts }: PlanParts): Plan {
  const { access, rowsMayFall } = context;
  return assembleParts({ ...parts, rowsMayFall, connections: { source: access.connection } });
}

export function assembleParts(parts: Parts): Plan {
  const { artifact, verify, connections, rowsMayFall } = parts;
  const weight = parts.steps.reduce((sum, step) => sum + step.weight, 0);
  return {
    version: 1,
    kind: parts.kind,
    title: parts.title,
    connections,
    steps: [
      ...parts.steps,
      {
        do: 'finishArtifact',
        title: verify === 'contents' ? l10n.t('Read it back and name it') : l10n.t('Check and name it'),
        weight: Math.round(weight * finishShare[verify]),
        verify,
        ...(rowsMayFall === undefined ? {} : { rowsMayFall }),
      },
    ],
    onFailure: parts.onFailure ?? [],
    locks: parts.locks,
    artifact,
    destroys: [],
    wayBack: null,
    warnings: [...parts.warnings, ...spaceWarning(parts.estimate)],
    estimate: parts.estimate,
    facts: {
      method: artifact.method,
      format: artifact.format,
      compression: artifact.compression,
      database: artifact.database,
      verify,
      ...parts.facts,
    },
  };
}

/** Only what was given. */
export function given(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && !value.length),
    ),
  );
}
