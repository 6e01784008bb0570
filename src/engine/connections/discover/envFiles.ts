import { isUri, parseConnectionText } from '../text';
import { settingsOf } from '../keywords';
import { interpolate } from './interpolate';
import type { FoundInFile } from './types';

/** Variables that name a connection in pieces, by convention. */
interface Pieces {
  host: string[];
  port: string[];
  user: string[];
  password: string[];
  database: string[];
  /** A further variable that must say it is PostgreSQL, where the names are anybody's. */
  proof?: { names: string[]; value: RegExp };
}

const conventions: Pieces[] = [
  // libpq
  {
    host: ['PGHOST'],
    port: ['PGPORT'],
    user: ['PGUSER'],
    password: ['PGPASSWORD'],
    database: ['PGDATABASE'],
  },
  // The container image's names, with the host beside them
  {
    host: ['POSTGRES_HOST', 'POSTGRES_SERVER', 'POSTGRESQL_HOST'],
    port: ['POSTGRES_PORT', 'POSTGRESQL_PORT'],
    user: ['POSTGRES_USER', 'POSTGRES_USERNAME', 'POSTGRESQL_USERNAME', 'POSTGRESQL_USER'],
    password: ['POSTGRES_PASSWORD', 'POSTGRESQL_PASSWORD'],
    database: ['POSTGRES_DB', 'POSTGRES_DATABASE', 'POSTGRES_NAME', 'POSTGRESQL_DATABASE'],
  },
  // Laravel, Django, TypeORM, …
  {
    host: ['DB_HOST', 'DATABASE_HOST'],
    port: ['DB_PORT', 'DATABASE_PORT'],
    user: ['DB_USERNAME', 'DB_USER', 'DATABASE_USERNAME', 'DATABASE_USER'],
    password: ['DB_PASSWORD', 'DB_PASS', 'DATABASE_PASSWORD'],
    database: ['DB_DATABASE', 'DB_NAME', 'DATABASE_NAME'],
    proof: {
      names: [
        'DB_CONNECTION',
        'DB_TYPE',
        'DB_DIALECT',
        'DB_ENGINE',
        'DB_DRIVER',
        'DATABASE_CLIENT',
        'DB_PORT',
      ],
      value: /postgres|pgsql|^pg$|^5432$/i,
    },
  },
];

/** Variables of a `.env` file, references to each other resolved as dotenv-expand does. */
export async function readEnv(text: string, env: NodeJS.ProcessEnv = {}): Promise<Record<string, string>> {
  const { parse } = await import('./dotenvParser');
  const raw = parse(text);
  const lookup = (name: string, seen: string[] = []): string | undefined => {
    const value = raw[name];
    if (value === undefined || seen.includes(name)) return env[name];
    return interpolate(
      value,
      (other) => lookup(other, [...seen, name]),
      // `$word` in a password is mostly just that.
      (other) => Object.hasOwn(raw, other),
    );
  };
  return Object.fromEntries(Object.keys(raw).map((name) => [name, lookup(name) ?? '']));
}

/** Connections in a `.env` file: values that are PostgreSQL URIs, and variables that name one in pieces. */
export async function findInEnv(text: string): Promise<FoundInFile[]> {
  const variables = await readEnv(text);
  const found: FoundInFile[] = [];
  for (const [name, value] of Object.entries(variables)) {
    if (!isUri(value.trim())) continue;
    try {
      const { settings, password } = parseConnectionText(value);
      found.push({
        detail: `${name} → ${settings.database ?? settings.hosts?.[0]?.host ?? 'localhost'}`,
        line: lineOf(text, name),
        settings,
        ...(password ? { password } : {}),
      });
    } catch {
      // A placeholder, or not for us: nothing to offer.
    }
  }
  for (const pieces of conventions) {
    const piece = inPieces(variables, pieces);
    if (piece) found.push({ ...piece.found, line: lineOf(text, piece.variable) });
  }
  return found;
}

function inPieces(
  variables: Record<string, string>,
  pieces: Pieces,
): { variable: string; found: Omit<FoundInFile, 'line'> } | undefined {
  const first = (names: string[]): string | undefined => names.find((name) => variables[name]);
  const get = (names: string[]): string => variables[first(names) ?? ''] ?? '';
  const variable = first(pieces.host);
  if (!variable || (!get(pieces.database) && !get(pieces.user))) return undefined;
  const { proof } = pieces;
  if (proof && !proof.names.some((name) => proof.value.test(variables[name] ?? ''))) return undefined;
  try {
    const settings = settingsOf({
      host: variables[variable] ?? '',
      port: get(pieces.port),
      user: get(pieces.user),
      dbname: get(pieces.database),
    });
    const password = get(pieces.password);
    const detail = `${variable} → ${settings.database ?? variables[variable]}`;
    return { variable, found: { detail, settings, ...(password ? { password } : {}) } };
  } catch {
    return undefined;
  }
}

function lineOf(text: string, name: string): number {
  const assignment = new RegExp(`^\\s*(?:export\\s+)?${name.replace(/[^\w]/g, '\\$&')}\\s*[=:]`);
  return text.split(/\r\n|\n|\r/).findLastIndex((line) => assignment.test(line)) + 1 || 1;
}
