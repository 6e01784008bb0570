import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A throwaway certificate authority in a folder, made with the system's openssl. */
export interface Authority {
  folder: string;
  /** The root certificate's file. */
  root: string;
  /** Signs a certificate. @param names as in a certificate's subjectAltName: `DNS:localhost`, `IP:127.0.0.1` */
  sign(file: string, commonName: string, names?: string[]): Promise<{ cert: string; key: string }>;
}

export async function makeAuthority(folder: string, name = 'Test root'): Promise<Authority> {
  await mkdir(folder, { recursive: true });
  const root = join(folder, 'root.crt');
  const rootKey = join(folder, 'root.key');
  const openssl = (args: string[]): Promise<unknown> => run('openssl', args, { cwd: folder });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl([
    ...['req', '-x509', ...newKey, '-days', '30', '-subj', `/CN=${name}`],
    ...['-addext', 'basicConstraints=critical,CA:TRUE', '-keyout', rootKey, '-out', root],
  ]);
  return {
    folder,
    root,
    async sign(file, commonName, names = []) {
      const [cert, key, request, extensions] = ['crt', 'key', 'csr', 'ext'].map((ending) =>
        join(folder, `${file}.${ending}`),
      ) as [string, string, string, string];
      await openssl(['req', ...newKey, '-subj', `/CN=${commonName}`, '-keyout', key, '-out', request]);
      await writeFile(extensions, names.length ? `subjectAltName=${names.join(',')}\n` : '');
      await openssl([
        ...['x509', '-req', '-in', request, '-days', '30', '-CA', root, '-CAkey', rootKey],
        ...['-CAcreateserial', '-extfile', extensions, '-out', cert],
      ]);
      await chmod(key, 0o600);
      return { cert, key };
    },
  };
}

/** Gives a file to the owner of a folder (the server's user, which tests as root need not be). */
export async function giveToOwnerOf(folder: string, ...files: string[]): Promise<void> {
  const { uid, gid } = await stat(folder);
  if (process.getuid?.() === 0) for (const file of files) await chown(file, uid, gid);
}
