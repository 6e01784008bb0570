import * as l10n from '@vscode/l10n';
import type { Contents } from '../archive';
import { quoteIdent, quoteLiteral } from '../connections';
import { RestorePointError } from '../errors';
import type { Warning } from '../plan';
import { withMaintenance, type Target } from './target';
import type { RestoreContext } from './types';

/** What the archive's DATABASE entry says of encoding and locale; keys as in CREATE DATABASE. */
export type DatabaseTraits = Record<string, string>;

const traitNames = new Set([
  'ENCODING',
  'LOCALE_PROVIDER',
  'LOCALE',
  'LC_COLLATE',
  'LC_CTYPE',
  'ICU_LOCALE',
  'ICU_RULES',
  'BUILTIN_LOCALE',
  'TABLESPACE',
]);
const localeNames = [...traitNames].filter((name) => name !== 'ENCODING' && name !== 'TABLESPACE');

/** Reads `CREATE DATABASE x WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE = …`; unknown keys are left out. */
export function databaseTraits(definition: string): DatabaseTraits {
  const head = /^\s*CREATE DATABASE (?:"(?:[^"]|"")*"|\S+) WITH /.exec(definition);
  const traits: DatabaseTraits = {};
  if (!head) return traits;
  const tokens = definition
    .slice(head[0].length)
    .matchAll(/(\w+) = (?:'((?:[^']|'')*)'|"((?:[^"]|"")*)"|(\w+))/g);
  for (const [, name, literal, identifier, word] of tokens)
    if (name && traitNames.has(name))
      traits[name] = literal?.replaceAll("''", "'") ?? identifier?.replaceAll('""', '"') ?? word ?? '';
  return traits;
}

/** The traits of the database an archive comes from. A script does not tell them: it fits into UTF8 always. */
export function traitsOf(contents: Contents): DatabaseTraits {
  const entry = contents.entries.find((e) => e.kind === 'DATABASE');
  return entry ? databaseTraits(entry.definition) : { ENCODING: 'UTF8' };
}

export function createStatement(name: string, traits: DatabaseTraits): string {
  const words = Object.entries(traits).map(([key, value]) =>
    key === 'LOCALE_PROVIDER'
      ? `${key} = ${quoteIdent(value)}`
      : key === 'TABLESPACE'
        ? `${key} = ${quoteIdent(value)}`
        : `${key} = ${quoteLiteral(value)}`,
  );
  return [`CREATE DATABASE ${quoteIdent(name)} WITH TEMPLATE = template0`, ...words].join(' ');
}

/** The traits as far as the target can have them; what it cannot becomes a warning. */
export async function fittingTraits(
  wanted: DatabaseTraits,
  target: Target,
  context: RestoreContext,
): Promise<{ traits: DatabaseTraits; warnings: Warning[] }> {
  const warnings: Warning[] = [];
  const traits = { ...wanted };
  if (traits.TABLESPACE && !target.tablespaces.has(traits.TABLESPACE)) {
    warnings.push({
      code: 'target.tablespace',
      text: l10n.t(
        'The tablespace {0} of the database is not on the target; the database goes to the default place.',
        traits.TABLESPACE,
      ),
    });
    delete traits.TABLESPACE;
  }
  // A server's own locale fits its own encoding; C fits all.
  const named = localeNames.some((name) => traits[name] !== undefined);
  if (!named && traits.ENCODING && traits.ENCODING !== target.encoding)
    return { traits: { ...traits, LC_COLLATE: 'C', LC_CTYPE: 'C' }, warnings };
  // What it lacks cannot be asked; how texts sort is no part of what is tried.
  const problem = target.fresh ? localeNamed(traits) : await localeProblem(traits, target, context);
  if (problem === null) return { traits: forMajor(traits, target.version.major), warnings };
  const without: DatabaseTraits = {};
  for (const [key, value] of Object.entries(traits)) if (!localeNames.includes(key)) without[key] = value;
  const ownLocale = !traits.ENCODING || traits.ENCODING === target.encoding;
  if (!ownLocale) Object.assign(without, { LC_COLLATE: 'C', LC_CTYPE: 'C' });
  warnings.push({
    code: 'target.locale',
    text: ownLocale
      ? l10n.t(
          "The target does not have the backup's locale ({0}); the new database gets the server's own, so texts may sort differently.",
          problem,
        )
      : l10n.t(
          "The target does not have the backup's locale ({0}); the new database gets the locale C, so texts sort by code.",
          problem,
        ),
  });
  return { traits: without, warnings };
}

/** Keys an older server does not know, where they say nothing new. */
function forMajor(traits: DatabaseTraits, major: number): DatabaseTraits {
  if (major >= 15) return traits;
  const { LOCALE_PROVIDER: _, LOCALE: locale, ...rest } = traits;
  return locale ? { ...rest, LC_COLLATE: locale, LC_CTYPE: locale } : rest;
}

function localeNamed(traits: DatabaseTraits): string | null {
  const names = localeNames.flatMap((name) => traits[name] ?? []);
  return names.find((name) => !/^(?:C|POSIX|libc|builtin|icu)$/.test(name)) ?? null;
}

/** Why the target cannot have this locale; null when it can. Asks the server by making a collation it takes back. */
async function localeProblem(
  traits: DatabaseTraits,
  target: Target,
  context: RestoreContext,
): Promise<string | null> {
  const provider = traits.LOCALE_PROVIDER ?? 'libc';
  const { major } = target.version;
  if ((provider === 'builtin' && major < 17) || (provider === 'icu' && major < 15))
    return [provider, traits.BUILTIN_LOCALE ?? traits.ICU_LOCALE ?? traits.LOCALE].filter(Boolean).join(' ');
  const names = [traits.LOCALE, traits.LC_COLLATE, traits.LC_CTYPE].filter((name) => name !== undefined);
  const probes = [...new Set(names)].map((name) => ({ provider: 'libc', name }));
  if (provider === 'icu' && (traits.ICU_LOCALE ?? traits.LOCALE))
    probes.push({ provider, name: (traits.ICU_LOCALE ?? traits.LOCALE)! });
  for (const probe of probes) {
    if (probe.provider === 'libc' && /^(C|POSIX)$/.test(probe.name)) continue;
    const problem = await probeLocale(probe.provider, probe.name, context);
    if (problem) return probe.name;
  }
  return null;
}

async function probeLocale(provider: string, name: string, context: RestoreContext): Promise<boolean> {
  return await withMaintenance(
    context.access,
    async (client) => {
      await client.query('begin');
      try {
        await client.query(
          `create collation pg_temp.restore_point_probe (provider = ${quoteIdent(provider)}, locale = ${quoteLiteral(name)})`,
        );
        return false;
      } catch (error) {
        // A locale of another encoding than this database's exists; a right we lack says nothing.
        const { code, message } = error as { code?: string; message: string };
        return code === '0A000' || (code === '22023' && !/does not match/.test(message));
      } finally {
        await client.query('rollback');
      }
    },
    context.signal,
  );
}

/** Refuses a name that is taken, and a role that may not create databases. */
export function checkNewDatabase(name: string, target: Target): void {
  if (target.databases.has(name))
    throw new RestorePointError({
      code: 'restore.databaseExists',
      what: l10n.t('There is a database {0} already.', name),
      why: l10n.t('The strategy is to restore into a new database, which touches nothing that exists.'),
      next: l10n.t('Choose another name, or restore in place.'),
      remedies: [
        { do: 'chooseDatabase', with: { database: name } },
        { do: 'restoreInPlace', with: { database: name } },
      ],
    });
  if (!target.superuser && !target.createDb)
    throw new RestorePointError({
      code: 'restore.createDb',
      what: l10n.t('The role {0} may not create databases.', target.user),
      why: l10n.t('It lacks the attribute CREATEDB.'),
      next: l10n.t(
        'Have it granted (ALTER ROLE {0} CREATEDB), or restore in place into an empty database made for you.',
        quoteIdent(target.user),
      ),
      sqlState: '42501',
      remedies: [{ do: 'restoreInPlace', with: { database: name } }, { do: 'editConnection' }],
    });
  if (Buffer.byteLength(name) > 63 || name === '' || name.includes('\0'))
    throw new RestorePointError({
      code: 'restore.databaseName',
      what: l10n.t('A database cannot have this name.'),
      why: l10n.t('PostgreSQL takes names of 1 to 63 bytes; this one has {0}.', Buffer.byteLength(name)),
      next: l10n.t('Choose another name.'),
      remedies: [{ do: 'chooseDatabase', with: {} }],
    });
}
