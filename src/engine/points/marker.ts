import * as l10n from '@vscode/l10n';
import type { GitState, RestorePoint } from './types';

/** What a database of ours says of itself, in its comment on the server. */
export interface Marker {
  version: 1;
  /** `half-made`: a replace restores into it; nobody needs it once its job is gone. */
  state: 'kept' | 'half-made';
  of: string;
  reason: RestorePoint['reason'];
  /** ISO 8601. */
  createdAt: string;
  note: string;
  git: GitState | null;
  /** The database's own comment, which it gets back. */
  comment: string | null;
  /** Whether it allowed connections, which it gets back too. */
  allowConnections: boolean;
}

/** Begins the line that is read back. */
const sign = 'restore-point: ';

/** The comment of a database that a job fills, from its first moment on. */
export function halfMadeComment(of: string, at: Date): string {
  return markerComment({
    version: 1,
    state: 'half-made',
    of,
    reason: 'restore',
    createdAt: at.toISOString(),
    note: '',
    git: null,
    comment: null,
    allowConnections: true,
  });
}

/** A comment that a person can read, and its last line that we can. */
export function markerComment(marker: Marker): string {
  return `${sentence(marker)}\n${sign}${JSON.stringify(marker)}`;
}

/** The marker in a database's comment; null where it is not ours. */
export function parseMarker(comment: string | null): Marker | null {
  const line = comment?.split('\n').at(-1);
  if (!line?.startsWith(sign)) return null;
  try {
    const marker = JSON.parse(line.slice(sign.length)) as Marker;
    const ours = marker.version === 1 && typeof marker.of === 'string';
    return ours && (marker.state === 'kept' || marker.state === 'half-made') ? marker : null;
  } catch {
    return null;
  }
}

function sentence({ state, of, reason, createdAt, note }: Marker): string {
  const at = createdAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
  const made = l10n.t('Made by Restore Point.');
  if (state === 'half-made') return `${l10n.t('A restore of {0} fills this database.', of)} ${made}`;
  const why = {
    manual: l10n.t('Restore point of {0}, {1}.', of, at),
    restore: l10n.t('Restore point of {0}, {1}, before a restore.', of, at),
    back: l10n.t('Restore point of {0}, {1}, before going back.', of, at),
  }[reason];
  // A line break would make the note look like the line that is read back.
  return [why, note.replace(/\s+/g, ' ').trim(), made].filter(Boolean).join(' ');
}
