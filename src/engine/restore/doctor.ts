import * as l10n from '@vscode/l10n';
import type { JobMessage } from '../jobs/events';
import type { Fix, Plan, ToolStep } from '../plan';
import { doctorRules, type DoctorContext, type DoctorRule } from './doctorRules';
import { useClient } from './fixes';
import { messageReader, type ReaderSources, type ToolMessage } from './messages';

export interface Doctor {
  /** Takes one line of the tool's standard error; returns the messages it completed, judged. */
  push(line: string): JobMessage[];
  /** The last message, when the tool has ended. */
  end(): JobMessage[];
  /** What `errors ignored on restore: N` said; null while it has not. See `concludeTool`. */
  readonly ignored: number | null;
}

/** Statements are shown, not kept whole: they can be as long as a table. */
const shownStatement = 400;

/**
 * Reads what pg_restore or psql says and gives each message a verdict. Expects pg_restore run with
 * `--verbose` (else messages name no entry) and psql as `psqlArgs` says.
 */
export function createDoctor(
  dialect: 'pg_restore' | 'psql',
  context: DoctorContext,
  sources: ReaderSources = {},
): Doctor {
  const reader = messageReader(dialect, sources);
  const judgeAll = (messages: ToolMessage[]): JobMessage[] =>
    messages.map((message) => judge(message, context));
  return {
    push: (line) => judgeAll(reader.push(line)),
    end: () => judgeAll(reader.end()),
    get ignored() {
      return reader.ignored;
    },
  };
}

/** The doctor of a plan's step. */
export function doctorFor(plan: Plan, step: ToolStep, sources: ReaderSources = {}): Doctor {
  return createDoctor(
    step.dialect === 'psql' ? 'psql' : 'pg_restore',
    {
      inPlace: plan.facts.strategy === 'in-place',
      step,
      ...(plan.request ? { request: plan.request } : {}),
    },
    sources,
  );
}

/** All messages of a finished run. */
export function diagnose(
  dialect: 'pg_restore' | 'psql',
  stderr: string,
  context: DoctorContext = { inPlace: false },
  sources: ReaderSources = {},
): JobMessage[] {
  const doctor = createDoctor(dialect, context, sources);
  const lines = stderr.split(/\r?\n/);
  return [...lines.flatMap((line) => doctor.push(line)), ...doctor.end()];
}

/** The verdict of one message by the first rule that knows it; an unknown error counts as failed. */
export function judge(message: ToolMessage, context: DoctorContext): JobMessage {
  for (const rule of doctorRules) {
    const found = match(rule, message, context);
    if (found === undefined) continue;
    return {
      ...shown(message),
      verdict: message.severity === 'warning' && rule.verdict === 'failed' ? 'degraded' : rule.verdict,
      sqlState: message.sqlState ?? rule.states[0] ?? null,
      reason: rule.reason(found),
      ...(rule.next ? { next: rule.next(found) } : {}),
      ...some(rule.fixes?.(found, { message, context })),
      rule: rule.id,
    };
  }
  const warning = message.severity === 'warning';
  const others = warning ? [] : (context.step?.others ?? []);
  return {
    ...shown(message),
    verdict: warning ? 'harmless' : 'failed',
    sqlState: message.sqlState,
    reason: warning
      ? l10n.t('A note of the tool or the server; nothing was refused.')
      : l10n.t('The server or the tool refused this; no rule knows the message, so it counts as a failure.'),
    ...some(others.map(useClient)),
  };
}

function some(fixes: Fix[] | undefined): Pick<JobMessage, 'fixes'> {
  return fixes?.length ? { fixes } : {};
}

/** The match of the text; null when the SQLSTATE alone decides; undefined when the rule does not apply. */
function match(
  rule: DoctorRule,
  message: ToolMessage,
  context: DoctorContext,
): RegExpExecArray | null | undefined {
  const found = rule.text.exec(message.text) ?? (message.prefix ? rule.text.exec(message.prefix) : null);
  const sameState = message.sqlState !== null && rule.states.includes(message.sqlState);
  const applies =
    message.sqlState === null || !rule.states.length ? found : sameState && (rule.byState || found);
  if (!applies) return undefined;
  if (rule.when && !rule.when(message, context)) return undefined;
  return found;
}

function shown(message: ToolMessage): Pick<JobMessage, 'severity' | 'entry' | 'text' | 'statement' | 'line'> {
  const text = [
    message.prefix ? `${message.prefix}: ${message.text}` : message.text,
    message.detail && `DETAIL: ${message.detail}`,
    message.hint && `HINT: ${message.hint}`,
    message.context && `CONTEXT: ${message.context}`,
  ];
  const statement = withoutSecrets(message.statement);
  return {
    severity: message.severity,
    entry: message.entry,
    text: withoutSecrets(text.filter(Boolean).join('\n')),
    ...(statement
      ? {
          statement: statement.length > shownStatement ? `${statement.slice(0, shownStatement)}…` : statement,
        }
      : {}),
    ...(message.line === null ? {} : { line: message.line }),
  };
}

/** Cluster scripts hold password hashes, subscriptions and user mappings hold passwords. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/(\bPASSWORD\s+)(?:E?'(?:[^']|'')*'?)/gi, "$1'…'")
    .replace(/(\bpassword\s*=\s*)(?:\\?'[^']*'?|[^\s')]+)/gi, '$1…');
}
