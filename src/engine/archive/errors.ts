import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import type { Fault } from './types';

/** A dump cannot be read on from a place. Carries the place, so that callers can keep what came before. */
export class DamageError extends RestorePointError {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super({
      code: 'archive.damaged',
      what: l10n.t('The dump is damaged or cut short.'),
      why: describeFault(fault),
      next: l10n.t('Copy the file again from where it came from, or use another backup.'),
    });
    this.name = 'DamageError';
    this.fault = fault;
  }

  /** The same with the entry it belongs to, where that was not known. */
  of(entry: string): DamageError {
    return this.fault.entry === null ? new DamageError({ ...this.fault, entry }) : this;
  }
}

/** A fault as one sentence with its place. */
export function describeFault({ what, entry, offset }: Fault): string {
  const place = offset === null ? what : l10n.t('{0} (byte {1})', what, offset);
  return entry ? `${entry}: ${place}` : place;
}

export function damage(what: string, offset: number | null, entry: string | null = null): DamageError {
  return new DamageError({ what, offset, entry });
}

export function notADump(path: string, reason: string): RestorePointError {
  return new RestorePointError({
    code: 'archive.notADump',
    what: l10n.t('"{0}" cannot be read as a PostgreSQL dump.', path),
    why: reason,
    next: l10n.t('Choose a file made by pg_dump, pg_dumpall or Restore Point.'),
  });
}

export function newerArchive(version: string): RestorePointError {
  return new RestorePointError({
    code: 'archive.newer',
    what: l10n.t('The archive has format version {0}, which is newer than this extension knows.', version),
    why: l10n.t('Versions up to 1.16 (pg_dump 17 to 19) can be read.'),
    next: l10n.t('Update the extension, or list the archive with the pg_restore it was made for.'),
  });
}

/** `limit` in bytes. */
export function tooMuch(limit: number): RestorePointError {
  return new RestorePointError({
    code: 'archive.tooMuch',
    what: l10n.t('The dump has more contents than may be kept in memory.'),
    why: l10n.t(
      'Its list of objects takes more than {0} MB: it is very large, or made to do harm.',
      Math.floor(limit / (1024 * 1024)),
    ),
    next: l10n.t(
      'If you know where it comes from, raise the bound: in the editor "restorePoint.contents.memory", on the command line NODE_OPTIONS=--max-old-space-size=MEGABYTES.',
    ),
  });
}

export function noEntry(id: number): RestorePointError {
  return new RestorePointError({
    code: 'archive.noEntry',
    what: l10n.t('The dump has no entry {0}.', id),
    why: '',
    next: l10n.t('List its contents to see the entries it has.'),
  });
}

/** `entry` as faults name it. */
export function noData(entry: string): RestorePointError {
  return new RestorePointError({
    code: 'archive.noData',
    what: l10n.t('The dump holds no rows for {0}.', entry),
    why: l10n.t('Only tables whose rows were dumped have data.'),
    next: l10n.t('List its contents to see which tables have rows.'),
  });
}

export function noLargeObject(oid: number): RestorePointError {
  return new RestorePointError({
    code: 'archive.noLargeObject',
    what: l10n.t('The dump holds no large object {0}.', oid),
    why: '',
    next: l10n.t('List its large objects to see which there are.'),
  });
}

export function closedArchive(path: string): RestorePointError {
  return new RestorePointError({
    code: 'archive.closed',
    what: l10n.t('"{0}" was closed.', path),
    why: '',
    next: l10n.t('Open it again.'),
  });
}
