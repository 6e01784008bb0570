import {
  appendFile,
  chown,
  lstat,
  mkdir,
  readdir,
  readlink,
  rename,
  rm,
  rmdir,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { quoteLiteral } from '../../quote';
import type { SettleBackupStep } from '../../plan';
import { explainFileError } from '../../fileFailure';
import { serverUser } from './serverUser';
import type { Executor } from './types';

/** Debian and others keep these beside the data directory, so that a base backup does not have them. */
const configuration: Record<string, string> = {
  'postgresql.conf': '# The backup had no postgresql.conf: its server kept it elsewhere.\n',
  'pg_hba.conf': '# The backup had no pg_hba.conf: its server kept it elsewhere.\nlocal all all peer\n',
  'pg_ident.conf': '',
};

/** What makes a copy of a cluster one of its own: its links, how it recovers, whose it is; then the names. */
export const settleBackup: Executor<SettleBackupStep> = async (step, { log, signal }) => {
  const { folder, final, tablespaces, as, settings, recovers, files = {} } = step;
  try {
    for (const name of [
      'tablespace_map',
      'postmaster.pid',
      'postmaster.opts',
      'standby.signal',
      'recovery.signal',
    ])
      await rm(join(folder, name), { force: true });
    for (const { oid, final: to } of tablespaces) await relink(join(folder, 'pg_tblspc', String(oid)), to);
    for (const [name, text] of Object.entries(configuration))
      await writeFile(join(folder, name), text, { flag: 'wx', mode: 0o600 }).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code !== 'EEXIST') throw error;
        },
      );
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${quoteLiteral(value)}\n`);
    if (lines.length) await appendFile(join(folder, 'postgresql.auto.conf'), lines.join(''), { mode: 0o600 });
    for (const [name, text] of Object.entries(files))
      await writeFile(join(folder, name), text, { mode: 0o600 });
    if (as === 'standby') await writeFile(join(folder, 'standby.signal'), '', { mode: 0o600 });
    else if (recovers) await writeFile(join(folder, 'recovery.signal'), '', { mode: 0o600 });
    const user = await serverUser();
    if (user) for (const { folder: one } of [step, ...tablespaces]) await give(one, user.uid, user.gid);
    signal.throwIfAborted();
    for (const { folder: from, final: to } of [...tablespaces, step]) {
      const made = await mkdir(dirname(to), { recursive: true, mode: 0o700 });
      if (made && user) await give(made, user.uid, user.gid);
      await takeName(from, to);
    }
    // What was beside the data directory only to be put into it.
    for (const { folder: from } of tablespaces) await rmdir(dirname(from)).catch(() => undefined);
    log('info', final, 'restore');
    return { directory: final };
  } catch (error) {
    throw signal.aborted ? error : explainFileError(error, final);
  }
};

async function relink(link: string, to: string): Promise<void> {
  if ((await readlink(link).catch(() => null)) === to) return;
  await rm(link, { force: true });
  await symlink(to, link);
}

/** An empty folder of that name gives way. */
async function takeName(from: string, to: string): Promise<void> {
  await rmdir(to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(from, to);
}

async function give(path: string, uid: number, gid: number): Promise<void> {
  const facts = await lstat(path);
  if (facts.isSymbolicLink()) return;
  await chown(path, uid, gid);
  if (facts.isDirectory()) for (const name of await readdir(path)) await give(join(path, name), uid, gid);
}
