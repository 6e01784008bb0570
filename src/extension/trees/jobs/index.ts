import type { JobSummary } from '../../../engine/jobs';
import { engine } from '../../engine';
import { viewIds } from '../../ids';
import type { Jobs } from '../../jobs';
import type { TreeNode } from '../node';
import { Tree } from '../tree';
import { JobNode } from './job';

/** Running and waiting jobs, then the history, newest first. */
export class JobsTree extends Tree {
  readonly #jobs: Jobs;

  constructor({ jobs }: { jobs: Jobs }) {
    super(viewIds.jobs, () => this.#roots(), { several: true });
    this.#jobs = jobs;
    this.own(jobs.onDidChange(() => this.refresh()));
  }

  async #roots(): Promise<TreeNode[]> {
    const { isTerminal } = await engine();
    const ended = ({ state }: JobSummary): boolean => isTerminal(state);
    const all = await this.#jobs.list();
    const running = all.filter((job) => !ended(job));
    this.view.badge = running.length ? { value: running.length, tooltip: '' } : undefined;
    return [...running, ...all.filter(ended)].map((job) => new JobNode(job, ended(job)));
  }
}
