import * as l10n from '@vscode/l10n';
import type { Secrets } from '../engine/connections/types';
import { CancelledError, RestorePointError, type ErrorFacts } from '../engine/errors';
import { home } from '../engine/home';
import { createJob, runJob, type JobEvent, type JobMessage, type JobResult } from '../engine/jobs';
import type { Plan } from '../engine/plan';
import type { Io } from './io';
import { note, printable } from './output';
import { progressLine } from './progress';

/**
 * Runs a plan in this process, as a job like any other: the editor shows it, its locks hold, Ctrl-C
 * cancels it. Progress and messages go to standard error. Returns the job's result; throws what ended it.
 */
export async function runHere(
  io: Io,
  plan: Plan,
  secrets: Secrets,
  { verbose = false, onEvent: also }: { verbose?: boolean; onEvent?(event: JobEvent): void } = {},
): Promise<JobResult> {
  const job = await createJob(plan, home(io.env));
  const line = progressLine(io);
  const seen: { result?: JobResult; error?: ErrorFacts; state?: string; reason?: string } = {};
  const say = (text: string): void => {
    line.clear();
    note(io, text);
  };
  const onEvent = (event: JobEvent): void => {
    also?.(event);
    switch (event.type) {
      case 'state':
        seen.state = event.state;
        seen.reason = event.reason;
        if (event.state === 'queued' && event.reason) say(event.reason);
        return;
      case 'step':
        return say(printable(event.title));
      case 'progress':
        return line.show(event);
      case 'log':
        // What restores is judged: its complaints come again as messages.
        if (verbose || (event.level !== 'info' && !/^(pg_restore|psql)$/.test(event.source ?? '')))
          say(printable(event.text));
        return;
      case 'message':
        if (event.message.verdict !== 'harmless') say(messageText(event.message));
        return;
      case 'result':
        seen.result = event.result;
        return;
      case 'error':
        seen.error = event.error;
        return;
    }
  };
  try {
    await runJob(job.folder, secrets, { signal: io.signal, onEvent });
  } finally {
    line.end();
  }
  if (seen.state === 'cancelled') throw new CancelledError();
  if (seen.state === 'succeeded') return seen.result ?? {};
  throw new RestorePointError(
    seen.error ?? {
      code: 'job.failed',
      what: l10n.t('The job did not end well.'),
      why: seen.reason ?? '',
      next: l10n.t('Read its log: {0}', job.folder),
      remedies: [{ do: 'showLog' }],
    },
  );
}

/** The entry, the tool's or server's words, and what they mean. */
function messageText({ entry, text, reason, next }: JobMessage): string {
  const said = text.split('\n').map(printable).join('\n  ');
  return [
    entry === null ? said : `${printable(entry)}\n  ${said}`,
    `  ${reason}`,
    ...(next ? [`  → ${next}`] : []),
  ].join('\n');
}
