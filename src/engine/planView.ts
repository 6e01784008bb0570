import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { formatBytes, formatDuration } from './format';
import type { CloneStep, DropPointStep, Plan, Step, SwapStep, Warning } from './plan';
import { quoteIdent, quoteLiteral } from './quote';
import { quoteWord, renderCommand, renderCopyCommand } from './tools';

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
    case 'receiveWal':
      return [
        ...(step.createSlot
          ? [`SELECT pg_create_physical_replication_slot(${quoteLiteral(step.slot)}, true);`]
          : []),
        renderCommand(
          step.build,
          'pg_receivewal',
          step.args,
          plan.connections[step.connection],
          step.database,
        ),
      ].join('\n');
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
      return physicalCommand(step);
  }
}

/** What steps about the files of a cluster run; null for those that run nothing. */
export function physicalCommand(step: Step): string | null {
  switch (step.do) {
    case 'stopServer':
    case 'startServer': {
      const more = step.do === 'stopServer' ? ' -m fast' : '';
      const verb = step.do === 'stopServer' ? 'stop' : 'start';
      return `${join(step.build.folder, 'pg_ctl')} ${verb} -D ${quoteWord(step.directory)} -w${more}`;
    }
    case 'recoverCopy':
      return `${join(step.build.folder, 'postgres')} --single -D ${quoteWord(step.data)} template1`;
    case 'checkPages':
      return `${join(step.build.folder, 'pg_checksums')} --check -D ${quoteWord(step.data)}`;
    case 'startCopy':
      return `${join(step.build.folder, 'postgres')} -D ${quoteWord(step.data)}`;
    case 'copyOnline': {
      const { command, directory, folder, tablespaces, label, fast } = step;
      const places = tablespaces.map(({ location, folder: to }) => ({ from: location, to }));
      const copies = [{ from: directory, to: folder }, ...places].map(({ from, to }) =>
        renderCopyCommand(command ?? '', from, to),
      );
      return [
        `SELECT pg_backup_start(${quoteLiteral(label)}, ${fast});`,
        ...(command === null ? [] : copies),
        'SELECT * FROM pg_backup_stop(false);',
      ].join('\n');
    }
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
