import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import type { JobEventBody } from './events';
import { files } from './folder';
import { Journal } from './journal';
import { Masker } from './mask';
import { ownOwner } from './owner';
import { addEvent, emptyOutline, writeOutline } from './summary';

/** A job is run once, by one process: throws `job.taken` when there is one already. */
export function takeJob(folder: string): void {
  const path = join(folder, files.runner);
  try {
    writeFileSync(path, JSON.stringify(ownOwner()), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new RestorePointError({
      code: 'job.taken',
      what: l10n.t('The job is running or has run already.'),
      why: readFileSync(path, 'utf8'),
      next: l10n.t('Retry makes a new job of the same plan.'),
      remedies: [{ do: 'retry' }],
    });
  }
}

/**
 * Ends a job that no runner took, so that none can take it any more. False when one has.
 * @param words the events it ends with, a terminal state last.
 */
export async function endUntaken(folder: string, words: JobEventBody[]): Promise<boolean> {
  try {
    takeJob(folder);
  } catch {
    return false;
  }
  const outline = emptyOutline();
  const journal = new Journal(folder, new Masker([]), new Set(), (event) => addEvent(outline, event));
  for (const word of words) journal.write(word);
  journal.close();
  await writeOutline(folder, outline);
  return true;
}
