import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type { JobSummary } from '../../engine/jobs';
import type { RunningView } from '../../shared/comparePage';
import { Disposables } from '../dispose';
import { engine, loadedEngine } from '../engine';
import { duration } from '../format';
import type { Jobs } from '../jobs';

/** What a page that is open before its file is there hears of the job that makes it. */
export interface RunningEvents {
  progress(view: RunningView): void;
  /** The file is there, or will never be. */
  ended(): void;
}

/** Follows the job that makes a comparison's file, also one that was begun in another window or before a reload. */
export class RunningComparison extends Disposables {
  readonly #path: string;
  readonly #jobs: Jobs;

  constructor(path: string, jobs: Jobs, events: RunningEvents) {
    super();
    this.#path = path;
    this.#jobs = jobs;
    let told = false;
    this.own(
      jobs.onDidList((all) => {
        const job = all.find((one) => this.#makes(one));
        if (!job) return;
        const view = viewOf(job);
        if (view) events.progress(view);
        // Also of a job that no list has shown while it ran: the page may have seen it run.
        else if (!told) events.ended();
        told = view === null;
      }),
    );
  }

  /** How far it is; null when the file can be opened. Throws why there is none. */
  async view(): Promise<RunningView | null> {
    if (existsSync(this.#path)) return null;
    const job = await this.#job();
    const view = job && viewOf(job);
    if (view) return view;
    const { RestorePointError } = await engine();
    // It was finished between the two looks.
    if (job?.state === 'succeeded' && existsSync(this.#path)) return null;
    throw new RestorePointError(
      job?.error ?? {
        code: 'compare.noFile',
        what: job
          ? vscode.l10n.t('This comparison did not come to its end.')
          : vscode.l10n.t('This comparison is not there any more.'),
        why: job?.reason ?? this.#path,
        next: vscode.l10n.t('Compare again.'),
      },
    );
  }

  async cancel(): Promise<void> {
    const job = await this.#job();
    if (job && viewOf(job)) await this.#jobs.cancel(job.id);
  }

  async #job(): Promise<JobSummary | undefined> {
    return (await this.#jobs.list()).find((one) => this.#makes(one));
  }

  #makes({ plan }: JobSummary): boolean {
    return plan.kind === 'compare' && plan.facts.comparison === this.#path;
  }
}

/** Null of a job that has ended. */
function viewOf({ plan, state, fraction, what, reason, remainingMs }: JobSummary): RunningView | null {
  if (loadedEngine().isTerminal(state)) return null;
  return {
    title: plan.title,
    fraction,
    what: [
      what ?? reason ?? (state === 'queued' ? vscode.l10n.t('waiting') : ''),
      ...(remainingMs === null ? [] : [vscode.l10n.t('{0} left', duration(remainingMs))]),
    ]
      .filter(Boolean)
      .join(' · '),
  };
}
