import { join, normalize } from 'node:path';
import { pathPlaces, thisMachine, usualPlaces, type Machine, type Place } from './places';
import { findThroughPrefix } from './prefix-find';
import { locate, probe } from './probe';
import type { ClientBuild, SearchOptions } from './types';

export interface FindOptions extends SearchOptions {
  /** Look where these words lead (a container, another machine) instead of here. */
  prefix?: string[];
  env?: NodeJS.ProcessEnv;
  /** Another machine's layout, for tests. */
  machine?: Machine;
}

interface Candidate extends Place {
  key: string;
}

/**
 * Every PostgreSQL client build there is, newest first; of the same version, the setting's first.
 * One installation reached by several ways (PATH, links) is listed once, by its most lasting path.
 */
export async function findBuilds(options: FindOptions = {}): Promise<ClientBuild[]> {
  const { signal, onProblem, prefix } = options;
  signal?.throwIfAborted();
  if (prefix?.length) return await findThroughPrefix(prefix, options);
  const machine = options.machine ?? thisMachine(options.env);
  const candidates = new Map<string, Candidate>();
  const add = (candidate: Candidate): void => {
    if (!candidates.has(candidate.key)) candidates.set(candidate.key, candidate);
  };
  for (const folder of options.folders ?? []) {
    const found = await fromSetting(normalize(folder), machine);
    if (found) add(found);
    else onProblem?.(folder, 'It holds no PostgreSQL programs that can be run.');
  }
  // The usual places before PATH: `/opt/homebrew/opt/postgresql@17/bin` outlives the update of what it links to.
  for (const place of [...(await usualPlaces(machine)), ...pathPlaces(machine)]) {
    const there = await locate(place.folder, machine.platform);
    // Debian's wrapper chooses among the builds in /usr/lib/postgresql, which are found by themselves.
    if (!there || there.isWrapper) continue;
    // A folder on PATH holds links that change with the alternatives; what they point to does not.
    add({ ...place, key: there.key, folder: place.origin === 'path' ? there.folder : place.folder });
  }
  const builds = await Promise.all(
    [...candidates.values()].map(async ({ folder, origin }) => {
      try {
        return [{ folder, ...(await probe(folder, machine.platform, signal)), origin }];
      } catch (error) {
        signal?.throwIfAborted();
        onProblem?.(folder, error instanceof Error ? error.message : String(error));
        return [];
      }
    }),
  );
  // Sorting is stable: of the same version the first found stays first.
  return builds.flat().sort((a, b) => b.version.num - a.version.num);
}

async function fromSetting(folder: string, machine: Machine): Promise<Candidate | null> {
  for (const one of [folder, join(folder, 'bin')]) {
    const there = await locate(one, machine.platform);
    if (there && !there.isWrapper) return { folder: one, origin: 'setting', key: there.key };
  }
  return null;
}
