import * as l10n from '@vscode/l10n';
import { formatBytes, formatDuration } from './format';
import type { CloneStep, DropPointStep, Plan, Step, SwapStep, Warning } from './plan';
import { quoteIdent } from './quote';
import { renderCommand } from './tools';

/** A plan as a person reads it: sentences and commands, nothing left to look up. No secrets. */
export interface PlanView {
  title: string;
  subtitle: string;
  steps: {
    title: string;
    /** What runs, word for word; null for steps of our own. */
    command: string | null;
    /** Why it is that program, in sentences. */
    reasons: string[];
  }[];
  files: string[];
  locks: string[];
  room: string[];
  destroys: string[];
  wayBack: string | null;
  /** What is true when it fails; null where nothing is promised. */
  ifItFails: string | null;
  warnings: Warning[];
  /** What was looked at and is fine. */
  checked: Warning[];
  /** The same job as one `restore-point` command, null where there is none. */
  commandLine: string | null;
}

/** @param commandLine the `restore-point …` line that makes the same plan, if the caller knows it */
export function viewPlan(plan: Plan, commandLine: string | null = null): PlanView {
  const { bytes, freeBytes, durationMs, basis } = plan.estimate;
  return {
    title: plan.title,
    subtitle: Object.values(plan.connections)
      .map(({ name, settings }) => `${name} · ${settings.hosts.map((h) => `${h.host}:${h.port}`).join(', ')}`)
      .join(' → '),
    steps: plan.steps.map((step) => ({
      title: step.title,
      command: commandOf(plan, step),
      reasons: step.do === 'tool' ? (step.reasons ?? []) : [],
    })),
    files: plan.artifact ? plan.artifact.members.map((member) => member.path) : [],
    locks: plan.locks.map(({ database }) =>
      database === '*'
        ? l10n.t('No other Restore Point job runs on this server meanwhile.')
        : l10n.t('No other Restore Point job runs on {0} meanwhile.', database),
    ),
    room: [
      ...(bytes === null ? [] : [l10n.t('About {0} will be written.', formatBytes(bytes))]),
      ...(freeBytes === null ? [] : [l10n.t('{0} are free there.', formatBytes(freeBytes))]),
      ...(durationMs === null ? [] : [l10n.t('It will take about {0}.', formatDuration(durationMs))]),
      ...(basis ? [basis] : []),
    ],
    destroys: plan.destroys,
    wayBack: plan.wayBack,
    ifItFails: plan.ifItFails ?? null,
    warnings: plan.warnings,
    checked: plan.checked ?? [],
    commandLine,
  };
}

function commandOf(plan: Plan, step: Step): string | null {
  switch (step.do) {
    case 'tool': {
      const connection = step.connection === undefined ? undefined : plan.connections[step.connection];
      const command = renderCommand(step.build, step.tool, step.args, connection, step.database);
      return command + (step.stdin ? ` < ${step.stdin}` : '') + (step.stdout ? ` > ${step.stdout}` : '');
    }
    case 'sql':
      return step.statements.map((statement) => `${statement};`).join('\n');
    case 'swap':
    case 'clone':
    case 'dropPoint':
      return `${sqlOf(step)};`;
    case 'copyOut':
      return `${step.statement} > ${step.path}`;
    case 'copyIn':
      return `${step.statement} < ${step.path}`;
    default:
      return null;
  }
}

/** The statements at the heart of a step about whole databases; the time is filled in when it runs. */
export function sqlOf(step: SwapStep | CloneStep | DropPointStep): string {
  switch (step.do) {
    case 'swap':
      return [
        'BEGIN',
        `ALTER DATABASE ${quoteIdent(step.name)} RENAME TO ${quoteIdent(`${step.name}__before_…`)}`,
        `ALTER DATABASE ${quoteIdent(step.next)} RENAME TO ${quoteIdent(step.name)}`,
        'COMMIT',
      ].join(';\n');
    case 'clone':
      return `CREATE DATABASE ${quoteIdent(step.as ?? `${step.source}__point_…`)} WITH TEMPLATE = ${quoteIdent(step.source)}`;
    case 'dropPoint':
      return `DROP DATABASE ${quoteIdent(step.name)}`;
  }
}
