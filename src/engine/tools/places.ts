import { access, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ClientBuild } from './types';

export interface Place {
  folder: string;
  origin: ClientBuild['origin'];
}

/** The machine to look at; tests lay out another one in a temporary folder. */
export interface Machine {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  /** Put before absolute paths; empty on a real machine. */
  root: string;
  home: string;
}

export function thisMachine(env: NodeJS.ProcessEnv = process.env): Machine {
  return { platform: process.platform, env, root: '', home: homedir() };
}

/** Folders to look into, `*` standing for any run of characters within one name. */
function patterns({ platform, env, root, home }: Machine): [ClientBuild['origin'], string][] {
  if (platform === 'win32') {
    const programs = [env.ProgramFiles, env['ProgramFiles(x86)']].filter((folder) => folder !== undefined);
    const scoop = [
      env.SCOOP ?? join(home, 'scoop'),
      env.SCOOP_GLOBAL ?? join(env.ProgramData ?? '', 'scoop'),
    ];
    return [
      ...programs.map((folder) => ['installer', join(folder, 'PostgreSQL', '*', 'bin')] as const),
      ...programs.map((folder) => ['installer', join(folder, 'pgAdmin 4', 'runtime')] as const),
      ...scoop.map((folder) => ['scoop', join(folder, 'apps', 'postgresql*', '*', 'bin')] as const),
    ].map(([origin, folder]) => [origin, folder]);
  }
  const brew = (prefix: string): [ClientBuild['origin'], string][] => [
    ['homebrew', `${prefix}/opt/postgresql@*/bin`],
    ['homebrew', `${prefix}/opt/postgresql/bin`],
    ['homebrew', `${prefix}/opt/libpq/bin`],
    ['homebrew', `${prefix}/opt/libpq@*/bin`],
  ];
  const anywhere: [ClientBuild['origin'], string][] = [
    ['installer', `${home}/.asdf/installs/postgres/*/bin`],
    ['installer', `${home}/.local/share/mise/installs/postgres/*/bin`],
  ];
  if (platform === 'darwin')
    return [
      ...brew(`${root}/opt/homebrew`),
      ...brew(`${root}/usr/local`),
      ['postgresapp', `${root}/Applications/Postgres.app/Contents/Versions/*/bin`],
      ['postgresapp', `${home}/Applications/Postgres.app/Contents/Versions/*/bin`],
      ['installer', `${root}/Library/PostgreSQL/*/bin`],
      ['installer', `${root}/Applications/pgAdmin 4.app/Contents/SharedSupport`],
      ['system', `${root}/opt/local/lib/postgresql*/bin`],
      ...anywhere,
    ];
  return [
    // Debian, Ubuntu, SUSE before 15; RPMs of postgresql.org; SUSE; Alpine; Gentoo; from source; EDB.
    ['system', `${root}/usr/lib/postgresql/*/bin`],
    ['system', `${root}/usr/pgsql-*/bin`],
    ['system', `${root}/usr/lib/postgresql*/bin`],
    ['system', `${root}/usr/libexec/postgresql*`],
    ['system', `${root}/usr/lib64/postgresql-*/bin`],
    ['system', `${root}/usr/local/pgsql/bin`],
    ['installer', `${root}/opt/PostgreSQL/*/bin`],
    ['installer', `${root}/usr/pgadmin4/bin`],
    ...brew(`${root}/home/linuxbrew/.linuxbrew`),
    ...brew(`${home}/.linuxbrew`),
    ...anywhere,
  ];
}

/** The usual places of this kind of machine that exist, in no particular order of worth. */
export async function usualPlaces(machine: Machine): Promise<Place[]> {
  const places = await Promise.all(
    patterns(machine).map(async ([origin, pattern]) =>
      (await expand(pattern)).map((folder) => ({ folder, origin })),
    ),
  );
  return places.flat();
}

/** The folders of PATH, in its order. */
export function pathPlaces({ platform, env }: Machine): Place[] {
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const folders = (env[name] ?? '').split(platform === 'win32' ? ';' : ':');
  return [...new Set(folders.filter(Boolean))].map((folder) => ({ folder, origin: 'path' }));
}

/** Existing paths of a pattern; what cannot be read has none. */
async function expand(pattern: string): Promise<string[]> {
  const star = pattern.indexOf('*');
  if (star < 0)
    return await access(pattern).then(
      () => [pattern],
      () => [],
    );
  const before = pattern.slice(0, star);
  const cut = Math.max(before.lastIndexOf('/'), before.lastIndexOf('\\')) + 1;
  const [folder, prefix, rest] = [before.slice(0, cut), before.slice(cut), pattern.slice(star + 1)];
  const next = rest.search(/[\\/]|$/);
  const [suffix, deeper] = [rest.slice(0, next), rest.slice(next)];
  const names = await readdir(folder).catch(() => []);
  const found = names.filter((name) => name.startsWith(prefix) && name.endsWith(suffix));
  return (await Promise.all(found.map((name) => expand(folder + name + deeper)))).flat();
}
