import * as l10n from '@vscode/l10n';
import { crc32c } from './crc32c';
import { unreadable } from './errors';
import { formatLsn, isSegmentSize } from './lsn';

/** catalog/pg_control.h, enum DBState, in its order. */
const states = [
  'starting up',
  'shut down',
  'shut down in recovery',
  'shutting down',
  'in crash recovery',
  'in archive recovery',
  'in production',
] as const;

/** What the control file of a cluster (`global/pg_control`) says. */
export interface ControlFile {
  systemIdentifier: string;
  /** 1300 (13 to 16), 1700, 1800. */
  controlVersion: number;
  catalogVersion: number;
  state: (typeof states)[number];
  /** When it was written, ISO 8601. */
  modifiedAt: string;
  /** Position of the last checkpoint's record, and where its recovery begins. */
  checkpoint: string;
  redo: string;
  timeline: number;
  /** Recovery has to reach at least this; `0/0` where there is none. */
  minRecovery: string;
  blockBytes: number;
  walSegmentBytes: number;
  /** Pages carry checksums. */
  checksums: boolean;
  /** Settings that a standby must not have lower. */
  settings: Record<
    | 'max_connections'
    | 'max_worker_processes'
    | 'max_wal_senders'
    | 'max_prepared_transactions'
    | 'max_locks_per_transaction',
    number
  >;
}

/** Where the checksum stands, by the version: before it the layout is the same but for the last fields. */
const checksumAt: Record<number, number> = { 1300: 288, 1700: 288, 1800: 292 };
/** Bytes that hold all of it; the file itself is 8 kB. */
export const controlBytes = 296;

/**
 * Reads a control file and checks its CRC. Its layout is that of the server's C structure on 64-bit machines
 * (catalog/pg_control.h of 15, 17 and 18), in the byte order of the machine. Throws `pgdata.unreadable`.
 */
export function parseControlFile(bytes: Buffer): ControlFile {
  const refuse = (why: string): Error => unreadable('global/pg_control', why);
  if (bytes.length < controlBytes) throw refuse(l10n.t('It has only {0} bytes.', bytes.length));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = Object.hasOwn(checksumAt, view.getUint32(8, true));
  const controlVersion = view.getUint32(8, little);
  const end = checksumAt[controlVersion];
  if (end === undefined)
    throw refuse(l10n.t('Its version {0} is none that is known (13 to 18).', view.getUint32(8, true)));
  const u32 = (at: number): number => view.getUint32(at, little);
  const lsn = (at: number): string => formatLsn(view.getBigUint64(at, little));
  if (crc32c(bytes.subarray(0, end)) !== u32(end)) throw refuse(l10n.t('Its checksum is wrong.'));
  const state = states[u32(16)];
  const walSegmentBytes = u32(228);
  if (!state || !isSegmentSize(walSegmentBytes)) throw refuse(l10n.t('Its values cannot be.'));
  return {
    systemIdentifier: view.getBigUint64(0, little).toString(),
    controlVersion,
    catalogVersion: u32(12),
    state,
    modifiedAt: new Date(Number(BigInt.asIntN(48, view.getBigInt64(24, little))) * 1000).toISOString(),
    checkpoint: lsn(32),
    redo: lsn(40),
    timeline: u32(48),
    minRecovery: lsn(136),
    blockBytes: u32(216),
    walSegmentBytes,
    checksums: u32(252) !== 0,
    settings: {
      max_connections: u32(180),
      max_worker_processes: u32(184),
      max_wal_senders: u32(188),
      max_prepared_transactions: u32(192),
      max_locks_per_transaction: u32(196),
    },
  };
}
