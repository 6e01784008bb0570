import { existsSync } from 'node:fs';
import { askSync } from '../process';

let isAvailable: boolean | undefined;

/**
 * The same command, told to end when we die (Linux): a runner killed with SIGKILL has no last moment to
 * end its program itself. SIGTERM, because pg_dump and its like then cancel what the server does for
 * them. `setpriv` becomes the program, so its process id is the program's. See docs/decisions.md.
 */
export function endsWithUs(command: string[]): string[] {
  const [program] = command;
  // A program that is not there must be missed by its own name.
  if (!program || (program.includes('/') && !existsSync(program)) || !canEndWithUs()) return command;
  return ['setpriv', '--pdeathsig', 'TERM', '--', ...command];
}

/** Asked once by doing it: busybox has a `setpriv` without this option. */
function canEndWithUs(): boolean {
  return (isAvailable ??=
    process.platform === 'linux' && askSync('setpriv', ['--pdeathsig', 'TERM', '--', 'true']) !== null);
}
