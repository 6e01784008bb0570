import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Folder of libpq's per-user files: `~/.postgresql` for certificates, `%APPDATA%\postgresql` on Windows. */
export function certificateFolder(env: NodeJS.ProcessEnv): string {
  return process.platform === 'win32' ? windowsFolder(env) : join(homeFolder(env), '.postgresql');
}

/** The password file where nothing names another one. */
export function defaultPasswordFile(env: NodeJS.ProcessEnv): string {
  return process.platform === 'win32'
    ? join(windowsFolder(env), 'pgpass.conf')
    : join(homeFolder(env), '.pgpass');
}

export function userServiceFile(env: NodeJS.ProcessEnv): string {
  return process.platform === 'win32'
    ? join(windowsFolder(env), '.pg_service.conf')
    : join(homeFolder(env), '.pg_service.conf');
}

/**
 * Where `pg_service.conf` of the whole machine may be: PGSYSCONFDIR alone when set, else what packagers
 * compile in (`pg_config --sysconfdir`): Debian, PGDG RPM, Fedora, Homebrew, from source.
 */
export function systemServiceFiles(env: NodeJS.ProcessEnv): string[] {
  if (env.PGSYSCONFDIR) return [join(env.PGSYSCONFDIR, 'pg_service.conf')];
  if (process.platform === 'win32') return [];
  return [
    '/etc/postgresql-common',
    '/etc/sysconfig/pgsql',
    '/etc',
    '/opt/homebrew/etc/postgresql',
    '/usr/local/etc/postgresql',
    '/usr/local/pgsql/etc',
  ].map((folder) => join(folder, 'pg_service.conf'));
}

/** Folders libpq builds look for a local socket in, by packager; none on Windows. */
export function socketFolders(): string[] {
  return process.platform === 'win32' ? [] : ['/var/run/postgresql', '/run/postgresql', '/tmp'];
}

export function homeFolder(env: NodeJS.ProcessEnv): string {
  return env.HOME || homedir();
}

function windowsFolder(env: NodeJS.ProcessEnv): string {
  return join(env.APPDATA || join(homedir(), 'AppData', 'Roaming'), 'postgresql');
}

/** The operating system's user: libpq's default user name. */
export function systemUser(env: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without an entry in /etc/passwd, as in some containers.
    return env.USER || env.USERNAME || env.LOGNAME || 'postgres';
  }
}
