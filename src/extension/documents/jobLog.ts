import * as vscode from 'vscode';
import type { JobEvent, JobSummary } from '../../engine/jobs';
import { Disposables } from '../dispose';
import type { Jobs } from '../jobs';
import type { Log } from '../log';

const scheme = 'restore-point-job';

/** A busy job writes many lines; its document changes at most this often. */
const redrawMs = 250;

interface OpenLog {
  text: string;
  stop: AbortController;
  timer?: ReturnType<typeof setTimeout>;
}

/** Job logs as read-only documents that grow with their job. */
export class JobLogs extends Disposables implements vscode.TextDocumentContentProvider {
  readonly #jobs: Jobs;
  readonly #log: Log;
  readonly #open = new Map<string, OpenLog>();
  readonly #changed = this.own(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;

  constructor({ jobs, log }: { jobs: Jobs; log: Log }) {
    super();
    this.#jobs = jobs;
    this.#log = log;
    this.own(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
    this.own(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === scheme) this.#stop(uri.toString());
      }),
    );
    this.own(vscode.workspace.onDidChangeTextDocument(({ document }) => scrollToEnd(document)));
    this.own({ dispose: () => [...this.#open.keys()].forEach((key) => this.#stop(key)) });
  }

  async show(job: JobSummary): Promise<vscode.TextDocument> {
    const title = job.plan.title.replace(/[\\/?#\u0000-\u001f]/g, '_');
    const uri = vscode.Uri.from({ scheme, path: `/${title}.log`, query: job.id });
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, 'log').then(undefined, () => undefined);
    await vscode.window.showTextDocument(document, { preview: true });
    scrollToEnd(document);
    return document;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const key = uri.toString();
    const open = this.#open.get(key) ?? this.#follow(uri);
    return open.text;
  }

  #follow(uri: vscode.Uri): OpenLog {
    const key = uri.toString();
    const open: OpenLog = { text: '', stop: new AbortController() };
    this.#open.set(key, open);
    const redraw = (): void => {
      open.timer ??= setTimeout(() => {
        open.timer = undefined;
        this.#changed.fire(uri);
      }, redrawMs);
    };
    const read = async (): Promise<void> => {
      for await (const event of this.#jobs.follow(uri.query, open.stop.signal)) {
        const line = lineOf(event);
        if (line === undefined) continue;
        open.text += `${line}\n`;
        redraw();
      }
    };
    read().catch((error: unknown) => {
      if (!open.stop.signal.aborted) this.#log.warn(String(error));
    });
    return open;
  }

  #stop(key: string): void {
    const open = this.#open.get(key);
    if (!open) return;
    this.#open.delete(key);
    open.stop.abort();
    clearTimeout(open.timer);
  }
}

/** One event as a line of the log; progress is not kept in it. */
function lineOf(event: JobEvent): string | undefined {
  const line = (level: string, text: string): string => `${event.at} [${level}] ${text}`;
  switch (event.type) {
    case 'state':
      return line('info', [event.state, event.reason].filter(Boolean).join(': '));
    case 'step':
      return line('info', `▸ ${event.title}`);
    case 'log':
      return line(event.level, withSource(event.text, event.source));
    case 'message': {
      const { verdict, entry, text, reason } = event.message;
      return line(
        verdict === 'failed' ? 'error' : 'warning',
        `${verdict}: ${entry ? `${entry}: ` : ''}${text} (${reason})`,
      );
    }
    case 'error':
      return line(
        'error',
        [event.error.what, event.error.why, event.error.next].filter(Boolean).join('\n  '),
      );
    case 'result':
      return line('info', JSON.stringify(event.result, undefined, 2));
    case 'progress':
    case 'process':
      return undefined;
  }
}

/** PostgreSQL's programs name themselves in their messages already. */
function withSource(text: string, source: string | undefined): string {
  return source === undefined || text.startsWith(`${source}:`) ? text : `${source}: ${text}`;
}

/** Keeps the end in sight until a person puts the cursor on some line. */
function scrollToEnd(document: vscode.TextDocument): void {
  if (document.uri.scheme !== scheme) return;
  const last = document.lineCount - 1;
  for (const editor of vscode.window.visibleTextEditors)
    if (editor.document === document && editor.selection.active.line === 0)
      editor.revealRange(new vscode.Range(last, 0, last, 0));
}
