import { freshPath } from '../artifacts';
import type { Plan, Step } from '../plan';

/**
 * The same plan for another run: a backup takes a new name (a backup never replaces a file, and the last
 * run may have left one), everything else stays.
 */
export function renewPlan(plan: Plan, at: Date): Plan {
  const { artifact } = plan;
  if (!artifact) return plan;
  const { path, was, is } = freshPath(artifact.path, at);
  const renew = (text: string): string => movedPath(text, was, is);
  return {
    ...plan,
    artifact: {
      ...artifact,
      path,
      members: artifact.members.map((member) => ({ ...member, path: renew(member.path) })),
    },
    steps: plan.steps.map((step) => renewStep(step, renew)),
  };
}

function renewStep(step: Step, renew: (text: string) => string): Step {
  if (step.do === 'copyOut') return { ...step, path: renew(step.path) };
  if (step.do !== 'tool') return step;
  const { args, writes, stdout } = step;
  return {
    ...step,
    args: args.map(renew),
    ...(writes === undefined ? {} : { writes: renew(writes) }),
    ...(stdout === undefined ? {} : { stdout: renew(stdout) }),
  };
}

/** A path, or an option `--file=PATH`, that begins with the old name and goes on with a suffix or a member. */
function movedPath(text: string, was: string, is: string): string {
  const option = /^--[\w-]+=/.exec(text)?.[0] ?? '';
  const rest = text.slice(option.length);
  if (!rest.startsWith(was) || !/^(?:$|[./\\])/.test(rest.slice(was.length))) return text;
  return option + is + rest.slice(was.length);
}
