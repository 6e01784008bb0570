import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stop, say } from '../lib/say.mjs';
import { run, runOrThrow } from '../lib/run.mjs';
import { developerCache, fillOnce } from './cache.mjs';
import { installPackages } from './debian.mjs';

/** Debian's name of the machine's kind, as in the folders of its libraries. */
const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';

/** Debian suites that carry a major. */
const suites = { 15: 'bookworm', 17: 'trixie', 18: 'forky' };

/** The majors the tests run against. */
export const majors = Object.keys(suites).map(Number);

/**
 * A complete PostgreSQL (server and clients) of a major: the machine's own, else (as root, for 15) Debian's
 * package, else unpacked into the cache from Debian packages without touching the system.
 */
export async function ensurePostgres(major) {
  if (existsSync(`/usr/lib/postgresql/${major}/bin/postgres`)) return;
  const folder = join(developerCache(), 'postgres', String(major));
  if (existsSync(folder)) return;
  if (major === 15 && process.getuid() === 0 && !(await installPackages(['postgresql-15'])).length) return;
  await fillOnce(folder, (temporary) => unpack(major, temporary, folder));
  await runOrThrow(join(folder, `usr/lib/postgresql/${major}/bin/pg_dump`), ['--version']);
}

/**
 * Downloads the packages of a suite with all they depend on, unpacks them and points the programs at the
 * C library that came with them: they then run on an older system, from `home` only.
 */
async function unpack(major, folder, home) {
  const suite = suites[major];
  say(`setup: PostgreSQL ${major}, unpacked from Debian’s suite ${suite}`);
  for (const program of ['apt-get', 'dpkg'])
    if (!existsSync(`/usr/bin/${program}`))
      throw new Stop(
        `PostgreSQL ${major} is not installed, and without ${program} it cannot be fetched. Install it.`,
      );
  const work = await mkdtemp(join(tmpdir(), 'rp-fetch-'));
  try {
    const names = [`postgresql-${major}`, `postgresql-client-${major}`];
    for (const deb of await download(suite, names, join(work, 'postgres')))
      await runOrThrow('dpkg', ['-x', deb, folder]);
    const patchelf = await patcher(work);
    // Older suites keep the C library in /lib, newer ones in /usr/lib.
    const libraries = ['usr/lib', 'lib']
      .map((place) => join(place, triplet))
      .filter((path) => existsSync(join(folder, path)));
    const loader = libraries
      .flatMap((path) => readdirSync(join(folder, path)).map((name) => join(path, name)))
      .find((path) => /\/ld-linux[^/]*\.so\.\d+$/.test(path));
    if (!loader) throw new Error(`no dynamic loader in ${libraries.join(', ')}`);
    const search = libraries.map((path) => join(home, path)).join(':');
    const bin = join(folder, `usr/lib/postgresql/${major}/bin`);
    for (const name of readdirSync(bin)) {
      const patches = ['--set-interpreter', join(home, loader), '--force-rpath', '--set-rpath', search];
      // Scripts among the programs are refused, rightly.
      await run(patchelf, [...patches, join(bin, name)], { quiet: true });
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** patchelf, from the machine or unpacked for this one use. */
async function patcher(work) {
  if (existsSync('/usr/bin/patchelf')) return '/usr/bin/patchelf';
  const folder = join(work, 'patchelf-root');
  for (const deb of await download(suites[15], ['patchelf'], join(work, 'patchelf')))
    if (/\/(patchelf|libstdc\+\+6|libgcc-s1)_/.test(deb)) await runOrThrow('dpkg', ['-x', deb, folder]);
  return join(folder, 'usr/bin/patchelf');
}

/** Packages of a suite and all they depend on, as if nothing were installed; paths of the .deb files. */
async function download(suite, names, work) {
  const { mirror, keyring } = await debianSource();
  await mkdir(join(work, 'state/lists/partial'), { recursive: true });
  await mkdir(join(work, 'cache/archives/partial'), { recursive: true });
  await writeFile(join(work, 'status'), '');
  await writeFile(join(work, 'sources.list'), `deb [signed-by=${keyring}] ${mirror} ${suite} main\n`);
  const options = {
    'Dir::Etc::sourcelist': join(work, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::State': join(work, 'state'),
    'Dir::State::status': join(work, 'status'),
    'Dir::Cache': join(work, 'cache'),
    'APT::Install-Recommends': 'false',
    'APT::Sandbox::User': 'root',
    'Debug::NoLocking': 'true',
  };
  const apt = async (...args) =>
    await runOrThrow(
      'apt-get',
      ['-q', ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]), ...args],
      { timeoutMs: 20 * 60_000 },
    );
  await apt('update');
  await apt('-y', '--download-only', 'install', ...names);
  const archives = join(work, 'cache/archives');
  return (await readdir(archives))
    .filter((name) => name.endsWith('.deb'))
    .map((name) => join(archives, name));
}

/** The mirror and key ring this machine gets its own packages with. */
async function debianSource() {
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  const sources = await readFile('/etc/apt/sources.list.d/debian.sources', 'utf8').catch(() => '');
  const list = await readFile('/etc/apt/sources.list', 'utf8').catch(() => '');
  const mirror = /^URIs:\s*(\S+)/m.exec(sources)?.[1] ?? /^deb\s+(?:\[[^\]]*\]\s*)?(\S+)/m.exec(list)?.[1];
  if (!mirror || !existsSync(keyring))
    throw new Stop(
      'PostgreSQL for the tests is fetched from Debian’s packages; this machine has no Debian source.',
    );
  return { mirror, keyring };
}
