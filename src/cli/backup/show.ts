import { physicalCommand, sqlOf } from '../../engine/planView';
import type { Plan, Step } from '../../engine/plan';
import { renderCommand } from '../../engine/tools';
import { bytesText, durationText, printable } from '../output';

/** What each step will run, to read and to copy; secrets are in none. */
export function commandsOf(plan: Plan): string[] {
  return plan.steps.flatMap((step) => {
    const command = commandOf(plan, step);
    return command === undefined ? [] : [command];
  });
}

function commandOf(plan: Plan, step: Step): string | undefined {
  const connection = 'connection' in step && step.connection ? plan.connections[step.connection] : undefined;
  switch (step.do) {
    case 'tool': {
      const command = renderCommand(step.build, step.tool, step.args, connection, step.database);
      return step.stdout === undefined ? command : `${command} > ${quote(step.stdout)}`;
    }
    case 'copyOut':
    case 'copyIn':
      return step.statement;
    case 'sql':
      return step.statements.join(';\n');
    case 'swap':
    case 'clone':
    case 'dropPoint':
      return sqlOf(step);
    default:
      return physicalCommand(step) ?? undefined;
  }
}

function quote(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

/** A plan for people: what runs, which files appear, what is locked, how long it may take. */
export function describePlan(plan: Plan): string {
  const { estimate, artifact } = plan;
  const lines = [printable(plan.title), ''];
  plan.steps.forEach((step, i) => {
    lines.push(`${String(i + 1).padStart(2)}. ${printable(step.title)}`);
    const command = commandOf(plan, step);
    if (command !== undefined) lines.push(`      ${command.replaceAll('\n', '\n      ')}`);
  });
  lines.push('');
  if (artifact) {
    lines.push('Files');
    for (const { path } of artifact.members) lines.push(`      ${printable(path)}`);
    lines.push(`      ${printable(artifact.path)}.manifest.json`);
  }
  for (const { database } of plan.locks)
    lines.push(
      `Lock  ${database === '*' ? 'the whole server' : printable(database)}: no other job of Restore Point at the same time`,
    );
  lines.push(
    `Size  about ${bytesText(estimate.bytes)}, ${bytesText(estimate.freeBytes)} free`,
    `Time  about ${durationText(estimate.durationMs)}`,
    `      ${estimate.basis}`,
  );
  if (plan.facts.reason)
    lines.push(`Tool  ${String(plan.facts.client)}`, `      ${String(plan.facts.reason)}`);
  for (const destroyed of plan.destroys) lines.push(`LOST  ${printable(destroyed)}`);
  if (plan.wayBack) lines.push(`Back  ${printable(plan.wayBack)}`);
  for (const { text } of plan.checked ?? []) lines.push(`Fine  ${printable(text)}`);
  for (const { text, blocks } of plan.warnings) lines.push(`${blocks ? 'STOP' : 'Note'}  ${printable(text)}`);
  return lines.join('\n');
}
