import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Stop, say } from '../lib/say.mjs';
import { run } from '../lib/run.mjs';

/** What a Debian package is needed for, told by a file it brings. */
const packages = {
  chromium: () => Boolean(chromium()),
  'fonts-dejavu-core': () =>
    existsSync('/usr/share/fonts/truetype/dejavu') || existsSync('/usr/share/fonts/dejavu'),
  'fonts-liberation': () => existsSync('/usr/share/fonts/truetype/liberation'),
  'openssh-server': () => onPath('sshd'),
  'openssh-client': () => onPath('ssh') && onPath('ssh-keygen'),
  lz4: () => onPath('lz4'),
  zip: () => onPath('zip'),
  zstd: () => onPath('zstd'),
  'libkrb5-dev': () => existsSync('/usr/include/gssapi/gssapi.h') || existsSync('/usr/include/gssapi.h'),
  python3: () => onPath('python3'),
  make: () => onPath('make'),
  'g++': () => onPath('g++'),
  'postgresql-15': () => existsSync('/usr/lib/postgresql/15/bin/postgres'),
};

/** Path of a Chromium, or undefined. `RESTORE_POINT_CHROMIUM` names another. */
export function chromium() {
  const named = process.env.RESTORE_POINT_CHROMIUM;
  return [named, '/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser'].find(
    (path) => path && existsSync(path),
  );
}

function onPath(program) {
  const folders = `${process.env.PATH}${delimiter}/usr/sbin${delimiter}/usr/bin${delimiter}/sbin`;
  return folders.split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/**
 * Installs those of the named Debian packages that are missing, as root or by a sudo that asks nothing.
 * @returns the names still missing afterwards
 */
export async function installPackages(names) {
  const missing = names.filter((name) => !packages[name]());
  if (!missing.length) return [];
  const sudo = process.getuid() === 0 ? [] : ['sudo', '-n'];
  const allowed = !sudo.length || spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  if (!allowed || !existsSync('/usr/bin/apt-get')) return missing;
  say(`setup: Debian packages ${missing.join(', ')}`);
  const apt = async (...args) => {
    const words = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y'];
    words.push('-o', 'DPkg::Lock::Timeout=900', ...args);
    return await run(words[0], words.slice(1), { quiet: true, timeoutMs: 20 * 60_000 });
  };
  await apt('update');
  const { code, output } = await apt('install', '--no-install-recommends', ...missing);
  if (code !== 0) say(output.slice(-2000));
  return missing.filter((name) => !packages[name]());
}

/** As `installPackages`, but what stays missing ends the run with a sentence that names it. */
export async function requirePackages(names) {
  const missing = await installPackages(names);
  if (missing.length)
    throw new Stop(
      `Missing: ${missing.join(', ')}. Install with: sudo apt-get install ${missing.join(' ')}\n` +
        '(npm test installs them by itself when run as root or where sudo asks for no password.)',
    );
}
