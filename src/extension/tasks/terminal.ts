import * as vscode from 'vscode';
import type { JobEvent, JobState } from '../../engine/jobs';
import { isQuiet } from '../cancel';
import { startPlan } from '../commands/startPlan';
import { Disposables } from '../dispose';
import type { Services } from '../services';
import { factsOf } from '../showError';
import { requireTrust } from '../trust';
import type { Prepared } from './prepare';
import { Printer } from './printer';

const exitCodes = { succeeded: 0, failed: 1, interrupted: 1, cancelled: 130 } as const;

const defaultColumns = 80;
const interrupt = '\u0003';

/**
 * Runs one job and shows it: what a task is for the editor. It ends with the job's result as exit code
 * (0 succeeded, 1 failed, 130 cancelled). Closing it, or Ctrl+C in it, cancels the job.
 */
export class JobTerminal extends Disposables implements vscode.Pseudoterminal {
  readonly #services: Services;
  readonly #prepare: (signal: AbortSignal) => Promise<Prepared>;
  readonly #printer: Printer;
  readonly #written = this.own(new vscode.EventEmitter<string>());
  readonly onDidWrite = this.#written.event;
  readonly #ended = this.own(new vscode.EventEmitter<number>());
  readonly onDidClose = this.#ended.event;
  /** Aborted when the job is not wanted any more. */
  readonly #unwanted = new AbortController();
  /** Aborted when nobody sees the terminal any more. */
  readonly #closed = new AbortController();
  #columns = defaultColumns;
  #job: string | undefined;

  constructor(services: Services, prepare: (signal: AbortSignal) => Promise<Prepared>) {
    super();
    this.#services = services;
    this.#prepare = prepare;
    this.#printer = new Printer({
      mask: (text) => services.log.mask(text),
      columns: () => this.#columns,
    });
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    if (dimensions) this.setDimensions(dimensions);
    void this.#run().then((exitCode) => this.#ended.fire(exitCode));
  }

  setDimensions({ columns }: vscode.TerminalDimensions): void {
    this.#columns = columns;
  }

  handleInput(data: string): void {
    if (data === interrupt) this.#cancel();
  }

  close(): void {
    this.#closed.abort();
    this.#cancel();
  }

  #cancel(): void {
    if (this.#unwanted.signal.aborted) return;
    this.#unwanted.abort();
    if (this.#job !== undefined) this.#cancelJob(this.#job);
  }

  #cancelJob(id: string): void {
    this.#services.jobs.cancel(id).catch((error: unknown) => this.#services.log.warn(String(error)));
  }

  /** The exit code; whatever is thrown is written to the terminal. */
  async #run(): Promise<number> {
    const unwanted = this.#unwanted.signal;
    try {
      requireTrust();
      const { plan, ...where } = await this.#prepare(unwanted);
      unwanted.throwIfAborted();
      this.#write(this.#printer.line(plan.title, 'bold'));
      for (const { text } of plan.warnings) this.#write(this.#printer.line(text, 'warning'));
      const { job } = await startPlan(this.#services, plan, where);
      this.#job = job;
      if (unwanted.aborted) this.#cancelJob(job);
      return await this.#follow(job);
    } catch (error) {
      return await this.#fail(error);
    }
  }

  async #follow(job: string): Promise<number> {
    let last: JobState = 'queued';
    for await (const event of this.#services.jobs.follow(job, this.#closed.signal)) {
      if (event.type === 'state') last = event.state;
      // Known for certain only now: the first name may have been taken meanwhile.
      if (event.type === 'result' && typeof event.result.artifact === 'string')
        this.#write(this.#printer.line(event.result.artifact));
      this.#print(event);
    }
    return last === 'queued' || last === 'running' ? exitCodes.failed : exitCodes[last];
  }

  async #fail(error: unknown): Promise<number> {
    if (isQuiet(error)) {
      this.#write(this.#printer.line(vscode.l10n.t('Cancelled.'), 'warning'));
      return exitCodes.cancelled;
    }
    const facts = await factsOf(error);
    this.#services.log.error(`${facts.code}: ${facts.what} ${facts.why} ${facts.next}`);
    this.#write(this.#printer.failure(facts));
    return exitCodes.failed;
  }

  #print(event: JobEvent): void {
    this.#write(this.#printer.event(event));
  }

  #write(text: string): void {
    if (text && !this.#closed.signal.aborted) this.#written.fire(text);
  }
}
