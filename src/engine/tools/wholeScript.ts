import { pipeline, Transform, type Readable } from 'node:stream';
import type { ToolName } from './types';

/** After whatever the script ends with, also a last statement without its semicolon. */
const commit = '\n;\nCOMMIT;\n';

/**
 * psql's --single-transaction over standard input, made safe. psql takes every end of its input for the
 * end of the script and commits: also when we were killed in the middle, or a connection to where it runs
 * broke. So the transaction is begun by a command of its own and ends with the script's last bytes,
 * which only come after the whole script. Line numbers in messages stay the script's.
 */
export function asOneTransaction(
  tool: ToolName,
  args: string[],
  stdin: Readable | undefined,
): { args: string[]; stdin: Readable | undefined } {
  const isWhole = (arg: string): boolean => arg === '--single-transaction' || arg === '-1';
  if (tool !== 'psql' || !stdin || !args.some(isWhole)) return { args, stdin };
  const end = new Transform({
    transform: (chunk, _encoding, next) => next(null, chunk),
    // Only the source's own end comes here; its failure destroys this stream.
    flush: (next) => next(null, Buffer.from(commit)),
  });
  return {
    args: [...args.map((arg) => (isWhole(arg) ? '--command=BEGIN' : arg)), ...readsInput(args)],
    stdin: pipeline(stdin, end, () => {}),
  };
}

/** With a --command psql reads its input only when told to. */
function readsInput(args: string[]): string[] {
  const names = args.some((arg, index) => arg === '--file=-' || (arg === '-' && args[index - 1] === '-f'));
  return names ? [] : ['--file=-'];
}
