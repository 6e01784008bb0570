import * as vscode from 'vscode';
import type { JobMessage, JobSummary } from '../../engine/jobs';
import type { Fix } from '../../engine/plan';
import { Disposables } from '../dispose';
import { engine } from '../engine';
import { oneLine } from '../format';
import type { Jobs } from '../jobs';
import { reportText } from './reportText';

const scheme = 'restore-point-report';

interface Told {
  job: JobSummary;
  text: string;
  /** What can be done about each problem. */
  problems: Map<vscode.Diagnostic, Fix[]>;
}

/** Reports of restores as documents, their messages as problems, and what can be done about each as quick fixes. */
export class RestoreReports
  extends Disposables
  implements vscode.TextDocumentContentProvider, vscode.CodeActionProvider
{
  readonly #told = new Map<string, Told>();
  readonly #problems = this.own(vscode.languages.createDiagnosticCollection('restorePoint'));
  readonly #changed = this.own(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;

  constructor({ jobs }: { jobs: Jobs }) {
    super();
    this.own(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
    this.own(
      vscode.languages.registerCodeActionsProvider({ scheme }, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    );
    this.own(jobs.onDidFinish((job) => void this.#look(job).catch(() => undefined)));
    this.own(jobs.onDidList((all) => this.#forget(all)));
  }

  async show(job: JobSummary): Promise<vscode.Uri> {
    const uri = await this.#tell(job);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, 'markdown').then(undefined, () => undefined);
    await vscode.window.showTextDocument(document, { preview: true });
    return uri;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#told.get(uri.toString())?.text ?? '';
  }

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const told = this.#told.get(document.uri.toString());
    if (!told) return [];
    const known = [...told.problems].filter(([one]) =>
      diagnostics.some(({ range, message }) => range.isEqual(one.range) && message === one.message),
    );
    const { id, resumable } = told.job;
    return known.flatMap(([diagnostic, fixes]) => [
      ...fixes.map((fix) => action(fix.label, diagnostic, { job: id, fix })),
      ...(resumable ? [action(vscode.l10n.t('Restore What Is Missing'), diagnostic, { job: id })] : []),
    ]);
  }

  /** Problems are told of restores that ended just now; an older one's when its report is opened. */
  async #look(job: JobSummary): Promise<void> {
    const { failed, degraded } = job.messages;
    if (job.plan.kind === 'restore' && failed + degraded > 0) await this.#tell(job);
  }

  async #tell(job: JobSummary): Promise<vscode.Uri> {
    const { readMessages, remediesOf } = await engine();
    const messages = await readMessages(job.folder);
    const { text, lines } = reportText(job, messages);
    const title = oneLine(job.plan.title).replace(/[\\/?#]/g, '_');
    const uri = vscode.Uri.from({ scheme, path: `/${title}.md`, query: job.id });
    const problems = new Map<vscode.Diagnostic, Fix[]>();
    for (const message of messages) {
      const severity = severities[message.verdict];
      if (severity !== null)
        problems.set(
          problem(message, lines.get(message) ?? 0, severity, job),
          await remediesOf(job, message),
        );
    }
    this.#told.set(uri.toString(), { job, text, problems });
    this.#problems.set(uri, [...problems.keys()]);
    this.#changed.fire(uri);
    return uri;
  }

  /** What was removed from the history, or made good by a later restore of the same, is no problem any more. */
  #forget(all: readonly JobSummary[]): void {
    for (const [key, { job }] of this.#told) {
      const isThere = all.some(({ id }) => id === job.id);
      const again = all.some(
        (other) =>
          other.id > job.id &&
          other.state === 'succeeded' &&
          other.plan.restores === job.plan.restores &&
          other.plan.facts.database === job.plan.facts.database,
      );
      if (isThere && !again) continue;
      this.#problems.delete(vscode.Uri.parse(key));
      if (!isThere) this.#told.delete(key);
    }
  }
}

const severities: Record<JobMessage['verdict'], vscode.DiagnosticSeverity | null> = {
  failed: vscode.DiagnosticSeverity.Error,
  degraded: vscode.DiagnosticSeverity.Warning,
  harmless: null,
};

function problem(
  { entry, text, reason, sqlState, line: inScript }: JobMessage,
  line: number,
  severity: vscode.DiagnosticSeverity,
  { plan }: JobSummary,
): vscode.Diagnostic {
  const what = `${entry === null ? '' : `${oneLine(entry)}: `}${oneLine(text)}`;
  const found = new vscode.Diagnostic(new vscode.Range(line, 0, line, 1000), `${what}\n${reason}`, severity);
  found.source = 'Restore Point';
  if (sqlState) found.code = sqlState;
  const step = plan.steps.find((one) => one.do === 'tool' && one.dialect === 'psql');
  if (inScript !== undefined && step?.do === 'tool' && step.stdin?.endsWith('.sql'))
    found.relatedInformation = [
      new vscode.DiagnosticRelatedInformation(
        new vscode.Location(vscode.Uri.file(step.stdin), new vscode.Position(inScript - 1, 0)),
        vscode.l10n.t('The statement in the script'),
      ),
    ];
  return found;
}

function action(
  title: string,
  diagnostic: vscode.Diagnostic,
  argument: { job: string; fix?: Fix },
): vscode.CodeAction {
  const made = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  made.diagnostics = [diagnostic];
  made.command = { title, command: 'restorePoint.resumeRestore', arguments: [argument] };
  return made;
}
