import * as l10n from '@vscode/l10n';
import { formatBytes } from '../format';
import type { Estimate, Warning } from '../plan';
import { freeOnServer } from './room';
import type { PastRestore, PlanParts, Restoring } from './types';

/** Bytes of a database for one byte of rows in a backup: stored as they are, and compressed. With indexes. */
const growth = { none: 1.6, compressed: 6 };
/** An estimate is believed within this factor: below it the room is surely too little. */
const margin = 0.5;
/** Rates of smaller restores say little about larger ones. */
const leastBytes = 1_000_000;

/** What a restore will take: bytes and time, with the reason for each, and whether there is room. */
export async function estimateRestore(
  restoring: Restoring,
  parts: PlanParts,
): Promise<{ estimate: Estimate; warnings: Warning[]; checked: Warning[] }> {
  const { context, target, request } = restoring;
  const size = sizeOf(restoring, parts);
  const time = timeOf(restoring, size.share);
  const freeBytes = await freeOnServer(context.access, target.maintenance, context.signal);
  const estimate: Estimate = {
    bytes: size.bytes,
    freeBytes,
    durationMs: time?.ms ?? null,
    basis: [size.basis, time?.basis ?? l10n.t('No earlier restore tells how long it takes.')].join(' '),
  };
  if (freeBytes === null || size.bytes === null) return { estimate, warnings: [], checked: [] };
  const room = l10n.t(
    'It needs about {0} (an estimate); {1} are free where the server keeps its databases.',
    formatBytes(size.bytes),
    formatBytes(freeBytes),
  );
  if (freeBytes >= size.bytes)
    return { estimate, warnings: [], checked: [{ code: 'target.disk', text: room }] };
  const surely = freeBytes < size.bytes * margin && !request.ignoreRoom;
  return {
    estimate,
    checked: [],
    warnings: [
      {
        code: 'target.disk',
        text: room,
        ...(surely
          ? {
              blocks: true,
              fixes: [{ id: 'ignoreRoom', label: l10n.t('Restore Anyway'), set: { ignoreRoom: true } }],
            }
          : {}),
      },
    ],
  };
}

/** Bytes, and the share of the whole backup that is restored. */
function sizeOf(
  { source, request }: Restoring,
  { chosen }: PlanParts,
): { bytes: number | null; share: number; basis: string } {
  const { evidence, contents, bytes } = source;
  const rows = contents?.entries.reduce((sum, entry) => sum + (entry.bytes ?? 0), 0) ?? 0;
  const wanted = chosen?.reduce((sum, entry) => sum + (entry.bytes ?? 0), 0) ?? rows;
  const share = rows > 0 ? wanted / rows : 1;
  if (request.options?.['schema-only']) return { bytes: null, share: 0, basis: '' };
  if (evidence?.databaseBytes !== undefined)
    return {
      bytes: Math.round(evidence.databaseBytes * share),
      share,
      basis: l10n.t('The size is from the rehearsal of this backup.'),
    };
  const packed = (contents && contents.compression !== 'none') || source.recognised.wrapper !== null;
  return {
    bytes: Math.round((rows > 0 ? wanted : bytes) * (packed ? growth.compressed : growth.none)),
    share,
    basis: l10n.t('The size is guessed from the rows in the backup.'),
  };
}

function timeOf({ source, context }: Restoring, share: number): { ms: number; basis: string } | null {
  const past = context.past ?? [];
  const same = past.find(({ artifact }) => artifact === source.path);
  if (same)
    return {
      ms: Math.round(same.durationMs * share),
      basis: l10n.t('The time is that of its last restore here, {0}.', dayOf(same)),
    };
  if (source.evidence?.restoreMs !== undefined)
    return {
      ms: Math.round(source.evidence.restoreMs * share),
      basis: l10n.t('The time is from the rehearsal of this backup.'),
    };
  const near = past.find(({ bytes }) => bytes >= leastBytes);
  if (!near) return null;
  return {
    ms: Math.round((near.durationMs / near.bytes) * source.bytes * share),
    basis: l10n.t('The time is by the speed of the last restore here, {0}.', dayOf(near)),
  };
}

function dayOf({ at }: PastRestore): string {
  return at.slice(0, 16).replace('T', ' ');
}
