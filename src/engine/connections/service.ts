import * as l10n from '@vscode/l10n';
import { readFile } from 'node:fs/promises';
import { RestorePointError } from '../errors';
import { separatePassword, syntaxError, type Keywords } from './keywords';
import { systemServiceFiles, userServiceFile } from './places';

export interface Service {
  /** The file it was found in. */
  file: string;
  keywords: Keywords;
  password?: string;
}

/** Service files in libpq's order: the user's (or PGSERVICEFILE's), then the machine's. */
export function serviceFiles(env: NodeJS.ProcessEnv, named?: string): string[] {
  return [named || env.PGSERVICEFILE || userServiceFile(env), ...systemServiceFiles(env)];
}

/**
 * Finds a service's definition, https://www.postgresql.org/docs/current/libpq-pgservice.html
 * @param named a service file named by the connection itself (keyword `servicefile`)
 * @throws RestorePointError `connection.service` when no file defines it, `connection.syntax` for a damaged one
 */
export async function findService(name: string, env: NodeJS.ProcessEnv, named?: string): Promise<Service> {
  const files = serviceFiles(env, named);
  for (const file of files) {
    const section = (await readServices(file)).get(name);
    if (!section) continue;
    const { keywords, password } = separatePassword(section, 'service');
    return { file, keywords, ...(password ? { password } : {}) };
  }
  throw new RestorePointError({
    code: 'connection.service',
    what: l10n.t('The service "{0}" is not defined.', name),
    why: l10n.t('No [{0}] in {1}.', name, files.join(', ')),
    next: l10n.t('Add the service to the service file, or correct the name.'),
    remedies: [{ do: 'editConnection' }],
  });
}

/** Names of all services this user can use, for offering them. Unreadable files count as empty. */
export async function listServices(env: NodeJS.ProcessEnv = process.env): Promise<string[]> {
  const names = new Set<string>();
  for (const file of serviceFiles(env))
    for (const name of (await readServices(file).catch(() => new Map<string, Keywords>())).keys())
      names.add(name);
  return [...names];
}

async function readServices(file: string): Promise<Map<string, Keywords>> {
  try {
    return parseServices(await readFile(file, 'utf8'), file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // libpq goes on to the next file when one cannot be opened.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return new Map();
    throw error;
  }
}

/** Sections of a service file; the first of a name counts, as in libpq. */
export function parseServices(text: string, file: string): Map<string, Keywords> {
  const services = new Map<string, Keywords>();
  let current: Keywords | undefined;
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.trim();
    if (!line || line.startsWith('#')) return;
    const header = /^\[(.*)\]/.exec(line);
    if (header) {
      current = {};
      const name = header[1] ?? '';
      if (!services.has(name)) services.set(name, current);
      return;
    }
    // LDAP lookups are libpq's alone; the lines after it are the fallback it would use.
    if (/^ldap:/i.test(line)) return;
    const equals = line.indexOf('=');
    if (equals < 1) throw syntaxError(l10n.t('Line {0} of {1} is not keyword=value.', index + 1, file));
    // No blanks are taken off around "=": so has libpq it; the first value of a keyword counts.
    if (current) current[line.slice(0, equals)] ??= line.slice(equals + 1);
  });
  return services;
}
