import { resolve } from 'node:path';
import { gitState } from '../../engine/git';
import { home } from '../../engine/home';
import type { RestorePoint } from '../../engine/points';
import { listPoints, type RestoreContext } from '../../engine/restore';
import { common } from '../args';
import { buildsFor, toolOptions } from '../builds';
import type { Io } from '../io';
import { printable } from '../output';
import type { Session } from '../session';

/** What the verbs about restore points have in common. */
export const pointOptions = {
  ...common,
  ...toolOptions,
  on: { type: 'string' },
  folder: { type: 'string', multiple: true },
  'end-sessions': { type: 'boolean' },
  confirm: { type: 'string' },
  'dry-run': { type: 'boolean' },
  verbose: { type: 'boolean', short: 'v' },
} as const;

export const pointUsage = `  --on CONNECTION     URI, key=value, service, or a stored connection; no password in it
  --folder FOLDER     where dumps that are restore points are (default: where backups go)
  --confirm NAME      the database's name, on a production connection
  --dry-run           show the plan, change nothing
  -v, --verbose       show the statements`;

export interface PointContext extends RestoreContext {
  folders: string[];
}

export async function pointContext(
  io: Io,
  session: Session,
  values: { folder?: string[]; tools?: string[]; 'tool-prefix'?: string },
): Promise<PointContext> {
  const folders = values.folder?.map((folder) => resolve(folder)) ?? [home(io.env).backups];
  return {
    access: session.access,
    builds: await buildsFor(io, values),
    now: new Date(),
    folder: folders[0]!,
    folders,
    git: await gitState(process.cwd()),
    signal: io.signal,
  };
}

export async function pointsOf({ access, folders, signal }: PointContext): Promise<RestorePoint[]> {
  return await listPoints(access, { folders, ...(signal ? { signal } : {}) });
}

/** `before a restore`, `before going back`, or the note. */
export function reasonText(
  { reason, note }: RestorePoint,
  words: Record<RestorePoint['reason'], string>,
): string {
  return printable([words[reason], note.replace(/\s+/g, ' ')].filter(Boolean).join(': '));
}
