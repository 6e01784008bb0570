import { writeFile } from 'node:fs/promises';
import { files } from '../folder';
import type { ToolStep } from '../../plan';
import { explainFileError } from '../../fileFailure';
import type { StepContext } from './types';
import { join } from 'node:path';

/** The arguments of a step; of one that restores some entries only with the list of them, as a file of the job's. */
export async function withList({ args, list }: ToolStep, { job }: StepContext): Promise<string[]> {
  if (!list) return args;
  const path = join(job.folder, files.list);
  await writeFile(path, list.map((id) => `${id};\n`).join(''), { mode: 0o600 }).catch((error: unknown) => {
    throw explainFileError(error, path);
  });
  return [`--use-list=${path}`, ...args];
}
