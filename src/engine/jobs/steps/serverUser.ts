import { readFile } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';

/** PostgreSQL does not run as root: then as the user that servers of this machine run as. */
export async function serverUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const line = (await readFile('/etc/passwd', 'utf8').catch(() => ''))
    .split('\n')
    .find((one) => one.startsWith('postgres:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  throw new RestorePointError({
    code: 'cluster.root',
    what: l10n.t('A cluster cannot be started by root.'),
    why: l10n.t('PostgreSQL refuses to run as root, and there is no user postgres to run it as.'),
    next: l10n.t('Start it as another user.'),
  });
}
