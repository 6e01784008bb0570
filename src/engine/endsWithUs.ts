import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import { askSync } from './askSync';

let isAvailable: boolean | undefined;

/**
 * The same command, told to end when we die (Linux): a runner killed with SIGKILL has no last moment to
 * end its program itself. SIGTERM, because pg_dump and its like then cancel what the server does for
 * them. `setpriv` becomes the program, so its process id is the program's. See docs/decisions.md.
 */
export function endsWithUs(command: string[], env: NodeJS.ProcessEnv = process.env): string[] {
  const [program] = command;
  // A program that cannot be run must be missed by its own name.
  if (!program || !canEndWithUs() || !canRun(program, env)) return command;
  return ['setpriv', '--pdeathsig', 'TERM', '--', ...command];
}

/** Asked once by doing it: busybox has a `setpriv` without this option. */
function canEndWithUs(): boolean {
  return (isAvailable ??=
    process.platform === 'linux' && askSync('setpriv', ['--pdeathsig', 'TERM', '--', 'true']) !== null);
}

function canRun(program: string, env: NodeJS.ProcessEnv): boolean {
  const paths = program.includes('/')
    ? [program]
    : (env.PATH ?? '').split(':').map((folder) => join(folder || '.', program));
  return paths.some((path) => {
    try {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  });
}
