import { lstat, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freshPath } from '../artifacts';
import type { Plan, Step } from '../plan';
import { files, type Job } from './folder';

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

/**
 * Two backups of one database that were planned in the same second have one name, and the first to run takes
 * it: the other goes on under a new one. A name that a person chose stays, and is refused later.
 */
export async function renewIfTaken(job: Job, at: Date): Promise<Job> {
  const { artifact } = job.plan;
  if (!artifact || !/_\d{8}T\d{6}Z(?:_\d+)?\.[^/\\]*$/.test(artifact.path)) return job;
  if (!(await lstat(artifact.path).catch(() => null))) return job;
  const plan = renewPlan(job.plan, at);
  const path = join(job.folder, files.plan);
  await writeFile(`${path}.tmp`, `${JSON.stringify(plan, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.tmp`, path);
  return { ...job, plan };
}

function renewStep(step: Step, renew: (text: string) => string): Step {
  if (step.do === 'copyOut') return { ...step, path: renew(step.path) };
  if (step.do === 'discard' || step.do === 'checkBackup') return { ...step, folder: renew(step.folder) };
  if (step.do === 'placeBackup')
    return {
      ...step,
      folder: renew(step.folder),
      tablespaces: step.tablespaces.map(({ oid, folder, final }) => ({
        oid,
        folder: renew(folder),
        final: renew(final),
      })),
    };
  if (step.do === 'copyOnline')
    return {
      ...step,
      folder: renew(step.folder),
      tablespaces: step.tablespaces.map((space) => ({ ...space, folder: renew(space.folder) })),
    };
  if (step.do !== 'tool') return step;
  const { args, writes, alsoWrites, stdout } = step;
  return {
    ...step,
    args: args.map(renew),
    ...(writes === undefined ? {} : { writes: renew(writes) }),
    ...(alsoWrites === undefined ? {} : { alsoWrites: alsoWrites.map(renew) }),
    ...(stdout === undefined ? {} : { stdout: renew(stdout) }),
  };
}

/** A path, or an option `--file=PATH`, that begins with the old name and goes on with a suffix or a member. */
function movedPath(text: string, was: string, is: string): string {
  const mapping = '--tablespace-mapping=';
  if (text.startsWith(mapping)) return mapping + movedMapping(text.slice(mapping.length), was, is);
  const option = /^--[\w-]+=/.exec(text)?.[0] ?? '';
  const rest = text.slice(option.length);
  if (!rest.startsWith(was) || !/^(?:$|[./\\])/.test(rest.slice(was.length))) return text;
  return option + is + rest.slice(was.length);
}

/** `OLD=NEW`, where `=` inside of a folder has a backslash before it. */
function movedMapping(text: string, was: string, is: string): string {
  return text
    .split(/(?<!\\)=/)
    .map((folder) => movedPath(folder.replaceAll('\\=', '='), was, is).replaceAll('=', '\\='))
    .join('=');
}
