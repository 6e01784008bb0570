import * as l10n from '@vscode/l10n';
import { unreadable } from './errors';
import { parseLsn } from './lsn';

/** What a `backup_label` says: where recovery begins. */
export interface BackupLabel {
  startLsn: string;
  checkpoint: string;
  /** `streamed` or `pg_start_backup` (before 15), `pg_backup_start` has it as `streamed` too. */
  method: string;
  from: 'primary' | 'standby';
  /** As the server wrote it, in its own zone: `2026-11-30 03:00:00 UTC`. */
  startedAt: string;
  label: string;
  timeline: number;
  /** Of an incremental backup: start of the backup it was taken against. */
  incrementalFrom: { lsn: string; timeline: number } | null;
}

/** Longest that is read; a label is at most 1 kB (MAXPGPATH). */
export const labelBytes = 64 * 1024;

/** Reads a `backup_label` (access/transam/xlogbackup.c). Throws `pgdata.unreadable`. */
export function parseBackupLabel(text: string): BackupLabel {
  const value = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1];
  const position = (name: string): string => {
    const [lsn = ''] = (value(name) ?? '').split(' ');
    if (parseLsn(lsn) === null) throw unreadable('backup_label', l10n.t('It has no "{0}".', name));
    return lsn;
  };
  const number = (name: string): number => {
    const text = value(name) ?? '';
    const found = Number(text);
    if (!/^\d+$/.test(text) || found > 0xffffffff)
      throw unreadable('backup_label', l10n.t('It has no "{0}".', name));
    return found;
  };
  return {
    startLsn: position('START WAL LOCATION'),
    checkpoint: position('CHECKPOINT LOCATION'),
    method: value('BACKUP METHOD') ?? '',
    from: value('BACKUP FROM') === 'standby' ? 'standby' : 'primary',
    startedAt: value('START TIME') ?? '',
    label: value('LABEL') ?? '',
    timeline: number('START TIMELINE'),
    incrementalFrom:
      value('INCREMENTAL FROM LSN') === undefined
        ? null
        : { lsn: position('INCREMENTAL FROM LSN'), timeline: number('INCREMENTAL FROM TLI') },
  };
}

/** A tablespace of a backup. */
export interface MappedTablespace {
  oid: number;
  /** Where it was on the server. */
  location: string;
}

/** More tablespaces than anybody has. */
const mostTablespaces = 100_000;

/** Reads a `tablespace_map`: `OID PATH` a line; line ends and backslashes in paths are escaped. Throws `pgdata.unreadable`. */
export function parseTablespaceMap(text: string): MappedTablespace[] {
  const found: MappedTablespace[] = [];
  // A line ends at a line feed that no backslash stands before.
  for (const line of text.match(/(?:[^\\\n\r]|\\[^])+/g) ?? []) {
    const [, oid, path] = /^(\d+) ([^]+)$/.exec(line) ?? [];
    if (!oid || !path || Number(oid) > 0xffffffff || Number(oid) === 0 || found.length >= mostTablespaces)
      throw unreadable('tablespace_map', l10n.t('A line of it is none: {0}', line.slice(0, 100)));
    found.push({ oid: Number(oid), location: path.replace(/\\([^])/g, '$1') });
  }
  return found;
}
