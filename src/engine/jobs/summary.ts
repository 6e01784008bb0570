import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ErrorFacts } from '../errors';
import type { Plan } from '../plan';
import { isTerminal, type JobEvent, type JobResult, type JobState, type Verdict } from './events';
import { files } from './folder';

/** What a list of jobs shows of one. */
export interface JobSummary {
  id: string;
  folder: string;
  plan: Plan;
  state: JobState;
  /** Why it waits or ended, a sentence. */
  reason: string | null;
  fraction: number | null;
  /** What is being done now. */
  what: string | null;
  remainingMs: number | null;
  /** Wall clock, for people: ISO 8601. */
  startedAt: string | null;
  endedAt: string | null;
  /** Monotonic; null until it runs. */
  durationMs: number | null;
  result: JobResult | null;
  error: ErrorFacts | null;
  messages: Record<Verdict, number>;
  /** Of a restore that ended: what is missing can be restored by itself. */
  resumable: boolean;
}

/** The part of a summary that events tell. */
export type Outline = Omit<JobSummary, 'id' | 'folder' | 'plan' | 'resumable'> & {
  /** `ms` of the event that made it run. */
  runningSince: number | null;
  /** `seq` of the last event, -1 before the first. */
  lastSeq: number;
};

export function emptyOutline(): Outline {
  return {
    state: 'queued',
    reason: null,
    fraction: null,
    what: null,
    remainingMs: null,
    startedAt: null,
    endedAt: null,
    durationMs: null,
    result: null,
    error: null,
    messages: { harmless: 0, degraded: 0, failed: 0 },
    runningSince: null,
    lastSeq: -1,
  };
}

/** Takes one more event into an outline. */
export function addEvent(outline: Outline, event: JobEvent): void {
  outline.lastSeq = event.seq;
  if (outline.runningSince !== null && !isTerminal(outline.state))
    outline.durationMs = Math.max(0, event.ms - outline.runningSince);
  switch (event.type) {
    case 'state':
      outline.state = event.state;
      outline.reason = event.reason ?? null;
      if (event.state === 'running' && outline.runningSince === null) {
        outline.runningSince = event.ms;
        outline.startedAt = event.at;
        outline.durationMs = 0;
      }
      if (isTerminal(event.state)) {
        outline.endedAt = event.at;
        outline.remainingMs = null;
        if (event.state === 'succeeded') outline.fraction = 1;
      }
      return;
    case 'progress':
      outline.fraction = event.fraction;
      outline.what = event.what;
      outline.remainingMs = event.remainingMs;
      return;
    case 'step':
      outline.what = event.title;
      return;
    case 'result':
      outline.result = event.result;
      return;
    case 'error':
      outline.error = event.error;
      return;
    case 'message':
      outline.messages[event.message.verdict]++;
      return;
  }
}

/** Keeps the outline of an ended job beside its log. */
export async function writeOutline(folder: string, outline: Outline): Promise<void> {
  const path = join(folder, files.summary);
  await writeFile(`${path}.tmp`, JSON.stringify(outline), { mode: 0o600 });
  await rename(`${path}.tmp`, path);
}

/** The kept outline of an ended job; undefined when there is none (yet). */
export async function readOutline(folder: string): Promise<Outline | undefined> {
  try {
    const outline = JSON.parse(await readFile(join(folder, files.summary), 'utf8')) as Outline;
    return isTerminal(outline.state) ? outline : undefined;
  } catch {
    return undefined;
  }
}
