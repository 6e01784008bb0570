import * as l10n from '@vscode/l10n';
import { readFile, stat } from 'node:fs/promises';
import { defaultPort, isSocket } from './keywords';
import { defaultPasswordFile, socketFolders } from './places';
import { findService } from './service';
import type { HostPort, ResolvedConnection } from './types';

export interface PasswordQuestion {
  /** Which of the connection's hosts; the first when absent. */
  host?: HostPort;
  database?: string;
  /** Told why a password file is not used (its permissions, say). */
  onWarning?: (text: string) => void;
}

/**
 * The password libpq would use without asking: the service's, PGPASSWORD, the password file's.
 * @returns undefined when nothing knows one
 */
export async function findPassword(
  resolved: ResolvedConnection,
  env: NodeJS.ProcessEnv = process.env,
  question: PasswordQuestion = {},
): Promise<string | undefined> {
  const { settings } = resolved;
  if (settings.service) {
    const service = await findService(settings.service, env, settings.extra?.servicefile).catch(
      () => undefined,
    );
    if (service?.password) return service.password;
  }
  if (env.PGPASSWORD) return env.PGPASSWORD;
  const file = settings.passFile || env.PGPASSFILE || defaultPasswordFile(env);
  const text = await readPasswordFile(file, question.onWarning);
  if (text === undefined) return undefined;
  const host = question.host ?? settings.hosts[0] ?? { host: 'localhost', port: defaultPort };
  return passwordIn(text, {
    // Local sockets in the default place are looked up as localhost.
    host: isSocket(host.host) && socketFolders().includes(host.host) ? 'localhost' : host.host,
    port: String(host.port),
    database: question.database ?? settings.database,
    user: settings.user,
  });
}

/** The file's text, or undefined (with a warning where libpq warns) when it must not be used. */
async function readPasswordFile(
  file: string,
  onWarning: ((text: string) => void) | undefined,
): Promise<string | undefined> {
  try {
    const facts = await stat(file);
    if (!facts.isFile()) {
      onWarning?.(l10n.t('The password file {0} is not used: it is not a plain file.', file));
      return undefined;
    }
    if (process.platform !== 'win32' && facts.mode & 0o077) {
      onWarning?.(
        l10n.t(
          'The password file {0} is not used: others may read it (mode {1}). Make it yours alone: chmod 600 {0}',
          file,
          (facts.mode & 0o777).toString(8),
        ),
      );
      return undefined;
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      onWarning?.(l10n.t('The password file {0} cannot be read: {1}', file, message));
    return undefined;
  }
}

/**
 * First line that fits, `host:port:database:user:password`; `*` fits anything, `\:` and `\\` are escapes,
 * https://www.postgresql.org/docs/current/libpq-pgpass.html
 */
export function passwordIn(
  text: string,
  wanted: { host: string; port: string; database: string; user: string },
): string | undefined {
  for (const line of text.split(/\r?\n/)) {
    if (!line || line.startsWith('#')) continue;
    const [host, port, database, user, ...password] = splitEscaped(line);
    if (password.length === 0) continue;
    const fits =
      fieldFits(host, wanted.host) &&
      fieldFits(port, wanted.port) &&
      fieldFits(database, wanted.database) &&
      fieldFits(user, wanted.user);
    // Bare colons in the password are taken as they are.
    if (fits) return password.map(unescape).join(':');
  }
  return undefined;
}

function fieldFits(field: string | undefined, wanted: string): boolean {
  return field === '*' || (field !== undefined && unescape(field) === wanted);
}

function unescape(field: string): string {
  return field.replace(/\\(.)/g, '$1');
}

/** Splits at colons that no backslash escapes; escapes stay, so that `\*` is not the wildcard. */
function splitEscaped(line: string): string[] {
  const fields = [''];
  for (let at = 0; at < line.length; at++) {
    if (line[at] === ':') fields.push('');
    else {
      let piece = line[at] ?? '';
      if (piece === '\\' && at + 1 < line.length) piece += line[++at];
      fields[fields.length - 1] += piece;
    }
  }
  return fields;
}
