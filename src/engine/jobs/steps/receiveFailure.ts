import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import { quoteLiteral } from '../../quote';
import type { ReceiveWalStep } from '../../plan';

/** What a wait does not mend. Everything else may be over in a moment: a restart, a network, a full disk. */
const lasting =
  /^(?:receive\..+|connection\.(?:password|passwordNeeded|permission|hba|role|database|tls|protocol|secret|service|unknown|sessionAttrs)|right\.missing|basebackup\.(?:hba|right)|tool\.(?:notStarted|tooOld))$/;

/** Whether a failure ends the job. */
export function isLasting({ code }: { code: string }): boolean {
  return lasting.test(code);
}

/** The WAL that the slot kept is gone: the archive will have a gap. */
export function slotLost({ slot, folder }: ReceiveWalStep, why: string): RestorePointError {
  return new RestorePointError({
    code: 'receive.slotLost',
    what: l10n.t(
      'The replication slot "{0}" is lost: the server has removed WAL that was not received.',
      slot,
    ),
    why,
    next: l10n.t(
      'The archive in "{0}" has a gap from here on. Drop the slot (SELECT pg_drop_replication_slot({1});), start anew with a new one, and make a base backup.',
      folder,
      quoteLiteral(slot),
    ),
    remedies: [{ do: 'showLog' }],
  });
}

export function slotMissing({ slot }: ReceiveWalStep, why = ''): RestorePointError {
  return new RestorePointError({
    code: 'receive.slotMissing',
    what: l10n.t('There is no replication slot "{0}" on the server any more.', slot),
    why,
    next: l10n.t(
      'Somebody dropped it, or this is another server. Start anew with a new slot; what was written meanwhile may be missing in the archive.',
    ),
  });
}

export function otherCluster({ systemIdentifier, folder }: ReceiveWalStep, now: string): RestorePointError {
  return new RestorePointError({
    code: 'receive.otherCluster',
    what: l10n.t('Another cluster answers now: nothing of it is put into "{0}".', folder),
    why: l10n.t('Its system identifier is {0}, and was {1}.', now, systemIdentifier ?? ''),
    next: l10n.t('Each cluster needs a folder of its own.'),
  });
}

/** What the program said when it gave up, where it is about the slot; null for everything else. */
export function explainReceive(step: ReceiveWalStep, said: string): RestorePointError | null {
  const line = (text: RegExp): string | undefined => said.split('\n').find((one) => text.test(one));
  const lost = line(
    /can no longer (?:get changes from|access) replication slot|This replication slot has been invalidated|requested WAL segment \S+ has already been removed|cannot read from logical replication slot/i,
  );
  if (lost !== undefined) return slotLost(step, lost);
  const missing = line(/replication slot "[^"]+" does not exist/);
  if (missing !== undefined) return slotMissing(step, missing);
  const files = line(
    /segment file "[^"]+" has incorrect|could not (?:open|read|access|create) directory|Permission denied/,
  );
  if (files !== undefined)
    return new RestorePointError({
      code: 'receive.folder',
      what: l10n.t('WAL cannot be received into "{0}".', step.folder),
      why: files,
      next: l10n.t(
        'See that the folder can be written to, and check what is in it (restore-point wal check).',
      ),
    });
  const program = line(
    /this build does not support compression|unrecognized compression|invalid compression specification|could not parse (?:compression|end position)/,
  );
  if (program === undefined) return null;
  return new RestorePointError({
    code: 'receive.compression',
    what: l10n.t('This pg_receivewal cannot compress so.'),
    why: program,
    next: l10n.t('Take gzip, or none.'),
  });
}

/** A slot that somebody else has: often our own session of before, which the server has not missed yet. */
export function isSlotBusy(said: string): boolean {
  return /replication slot "[^"]+" is active for PID/.test(said);
}
