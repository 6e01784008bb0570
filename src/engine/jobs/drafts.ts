import { lstat, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isManifestDraft, isPartial, memberPartialPath, partialPath } from '../artifacts';
import type { Plan } from '../plan';

/**
 * Everything a plan writes that is not a backup yet: only paths that say so by their name
 * (`….partial`, or inside such a folder), so that nothing else is ever taken away.
 */
export function draftsOf(plan: Plan): string[] {
  const paths = new Set<string>();
  const { artifact } = plan;
  if (artifact) {
    paths.add(partialPath(artifact.path));
    for (const { path } of artifact.members) paths.add(memberPartialPath(artifact, path));
  }
  for (const step of plan.steps) {
    if (step.do === 'copyOut') paths.add(step.path);
    if (step.do === 'startCluster' || step.do === 'recoverCopy') paths.add(step.folder);
    if (step.do === 'placeBackup' || step.do === 'settleBackup')
      for (const { folder } of [step, ...step.tablespaces]) paths.add(wholeDraft(folder));
    if (step.do === 'tool')
      for (const path of [step.writes, step.stdout, ...(step.alsoWrites ?? []).map(wholeDraft)])
        if (path) paths.add(path);
  }
  return [...paths].filter((path) => path.split(/[\\/]/).some((part) => isPartial(part)));
}

/** Folders of tablespaces lie together in one that is half-made itself. */
function wholeDraft(folder: string): string {
  return isPartial(dirname(folder)) ? dirname(folder) : folder;
}

/** Removes what is half-made; returns what was there. */
export async function removeDrafts(plan: Plan): Promise<string[]> {
  const removed: string[] = [];
  for (const path of [...draftsOf(plan), ...(await manifestDraftsOf(plan))]) {
    if (!(await lstat(path).catch(() => null))) continue;
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
    removed.push(path);
  }
  return removed;
}

async function manifestDraftsOf({ artifact }: Plan): Promise<string[]> {
  if (!artifact) return [];
  const folder = dirname(artifact.path);
  const names = await readdir(folder).catch(() => [] as string[]);
  return names.filter((name) => isManifestDraft(artifact.path, name)).map((name) => join(folder, name));
}
