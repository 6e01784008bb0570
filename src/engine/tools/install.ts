import { readFileSync } from 'node:fs';

/** What this machine is, as far as installing goes: the platform, and on Linux the words of os-release. */
export interface Packages {
  platform: NodeJS.Platform;
  /** `ID` and `ID_LIKE` of /etc/os-release, nearest first. */
  families: string[];
}

export function packagesHere(): Packages {
  if (process.platform !== 'linux') return { platform: process.platform, families: [] };
  let text = '';
  for (const path of ['/etc/os-release', '/usr/lib/os-release'])
    try {
      text ||= readFileSync(path, 'utf8');
    } catch {
      // A system without it gets the general answer.
    }
  return { platform: 'linux', families: familiesOf(text) };
}

export function familiesOf(osRelease: string): string[] {
  const value = (key: string): string =>
    new RegExp(`^${key}=(.*)$`, 'm').exec(osRelease)?.[1]?.replace(/^["']|["']$/g, '') ?? '';
  return [value('ID'), ...value('ID_LIKE').split(/\s+/)].filter(Boolean);
}

/** One line for a terminal that installs a major's client programs; null where no packager is known. */
export function installCommand(major: string, { platform, families }: Packages): string | null {
  if (platform === 'darwin') return `brew install postgresql@${major}`;
  if (platform === 'win32') return `winget install PostgreSQL.PostgreSQL.${major}`;
  const commands: Record<string, string> = {
    debian: `sudo apt install postgresql-client-${major}`,
    ubuntu: `sudo apt install postgresql-client-${major}`,
    fedora: `sudo dnf install postgresql${major}`,
    rhel: `sudo dnf install postgresql${major}`,
    centos: `sudo dnf install postgresql${major}`,
    suse: `sudo zypper install postgresql${major}`,
    opensuse: `sudo zypper install postgresql${major}`,
    alpine: `sudo apk add postgresql${major}-client`,
    // Always the current major only.
    arch: 'sudo pacman -S postgresql',
  };
  const family = families.find((name) => Object.hasOwn(commands, name));
  return family ? (commands[family] ?? null) : null;
}

/** The packager's own repository, for majors a distribution does not have; null where there is no other. */
export function upstreamRepository({ platform, families }: Packages): string | null {
  if (platform !== 'linux') return null;
  if (families.some((name) => name === 'debian' || name === 'ubuntu')) return 'https://apt.postgresql.org';
  if (families.some((name) => ['fedora', 'rhel', 'centos'].includes(name)))
    return 'https://yum.postgresql.org';
  return null;
}
