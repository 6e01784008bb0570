import * as l10n from '@vscode/l10n';
import type { ErrorFacts } from '../errors';
import type { JobMessage } from '../jobs/events';
import type { ToolStep } from '../plan';

/** How pg_restore or psql ended. */
export interface ToolEnd {
  exitCode: number;
  /** The signal that ended it, null when it ended by itself. */
  signal: string | null;
  /**
   * What pg_restore's last line said: `errors ignored on restore: N`. Null when it did not say so: an exit
   * code other than 0 then means that it gave up in the middle.
   */
  ignored: number | null;
}

/**
 * Whether a restore step failed, and the failure in three parts; null when it did not. Exit codes are not
 * believed alone: pg_restore exits 1 for harmless messages too, psql 0 after errors unless told to stop.
 */
export function concludeTool(step: ToolStep, end: ToolEnd, messages: JobMessage[]): ErrorFacts | null {
  const failed = messages.filter((message) => message.verdict === 'failed');
  const gaveUp =
    end.signal !== null ||
    (end.exitCode !== 0 && (!step.tolerant || step.dialect === 'psql' || end.ignored === null));
  if (!gaveUp && (step.keepGoing || !failed.length)) return null;
  // What ended the tool is its last word; otherwise the first failure is the one others follow from.
  const cause = (gaveUp ? (lastOf(failed) ?? lastOf(messages)) : undefined) ?? failed[0];
  const entry = cause?.entry ? ` (${cause.entry})` : '';
  return {
    code: codeOf(cause),
    what: gaveUp
      ? end.signal !== null
        ? l10n.t('{0} was ended by the signal {1}.', step.tool, end.signal)
        : l10n.t('{0} gave up.', step.tool)
      : failed.length === 1
        ? l10n.t('One entry could not be restored.')
        : l10n.t('{0} things could not be restored.', failed.length),
    why: cause
      ? `${cause.text}${entry} ${cause.reason}`
      : l10n.t('It said nothing; its exit code was {0}.', end.exitCode),
    next: cause?.next ?? l10n.t('Read the log; a tolerant restore keeps what can be had.'),
    remedies: [{ do: 'showLog' }, { do: 'retry' }],
    ...(cause?.sqlState ? { sqlState: cause.sqlState } : {}),
  };
}

/** Causes that are not about restoring have the code they have everywhere. */
const sharedCodes: Record<string, string> = {
  connectionLost: 'connection.lost',
  diskFull: 'disk.full',
  permissionDenied: 'right.missing',
};

function codeOf(cause: JobMessage | undefined): string {
  return cause?.rule ? (sharedCodes[cause.rule] ?? `restore.${cause.rule}`) : 'restore.failed';
}

function lastOf(messages: JobMessage[]): JobMessage | undefined {
  return messages.filter((message) => message.severity === 'error').at(-1);
}
