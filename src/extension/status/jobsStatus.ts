import * as vscode from 'vscode';
import type { JobSummary } from '../../engine/jobs';
import { Disposables } from '../dispose';
import { loadedEngine } from '../engine';
import type { CommandId } from '../ids';
import type { Jobs } from '../jobs';
import type { Log } from '../log';
import { lookOf, type Look } from './look';

/** Pressing it goes to the Jobs view. */
const command: CommandId = 'restorePoint.showJobs';

/** The one item in the status bar: there while jobs run, and while a failure waits to be looked at. */
export class JobsStatus extends Disposables {
  readonly #item = this.own(
    vscode.window.createStatusBarItem('restorePoint.jobs', vscode.StatusBarAlignment.Left),
  );
  #active: JobSummary[] = [];
  /** By id. The Jobs view shows failures: whoever sees it has looked. */
  readonly #failures = new Map<string, JobSummary>();

  constructor({ jobs, view, log }: { jobs: Jobs; view: vscode.TreeView<unknown>; log: Log }) {
    super();
    this.#item.name = vscode.l10n.t('Restore Point Jobs');
    // Jobs of other windows and of terminals count too, also while no view asks for them.
    this.own(jobs.onDidChange(() => void jobs.list().catch((error: unknown) => log.warn(String(error)))));
    this.own(
      jobs.onDidFinish((job) => {
        const bad = job.state === 'failed' || job.state === 'interrupted';
        if (bad && !view.visible) this.#failures.set(job.id, job);
      }),
    );
    this.own(jobs.onDidList((all) => this.#take(all)));
    this.own(
      view.onDidChangeVisibility(({ visible }) => {
        if (visible) this.#failures.clear();
        this.#draw();
      }),
    );
  }

  /** What it shows; undefined while it is hidden. */
  get look(): Look | undefined {
    return lookOf(this.#active, [...this.#failures.values()]);
  }

  #take(all: JobSummary[]): void {
    const { isTerminal } = loadedEngine();
    this.#active = all.filter(({ state }) => !isTerminal(state));
    const ids = new Set(all.map(({ id }) => id));
    for (const id of this.#failures.keys()) if (!ids.has(id)) this.#failures.delete(id);
    this.#draw();
  }

  #draw(): void {
    const { look } = this;
    if (!look) {
      this.#item.hide();
      return;
    }
    this.#item.text = look.text;
    this.#item.tooltip = look.tooltip;
    this.#item.accessibilityInformation = { label: look.tooltip };
    this.#item.backgroundColor = look.failed
      ? new vscode.ThemeColor('statusBarItem.errorBackground')
      : undefined;
    this.#item.command = { command, title: '', arguments: look.job === undefined ? [] : [{ job: look.job }] };
    this.#item.show();
  }
}
