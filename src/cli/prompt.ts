import { CancelledError } from '../engine/errors';
import type { Io } from './io';

/** Whether a person is there to be asked. */
export function canAsk(io: Io): boolean {
  return Boolean(io.stdin.isTTY && io.stderr.isTTY && io.stdin.setRawMode);
}

/**
 * Asks on the terminal without showing what is typed. Ctrl-C and Ctrl-D throw CancelledError. The
 * question goes to standard error: standard output belongs to the result.
 */
export async function askSecret(io: Io, question: string): Promise<string> {
  const { stdin, stderr } = io;
  stderr.write(question);
  stdin.setRawMode?.(true);
  stdin.resume();
  try {
    return await new Promise<string>((resolve, reject) => {
      let typed = '';
      const onData = (chunk: Buffer | string): void => {
        for (const c of chunk.toString()) {
          if (c === '\r' || c === '\n') return end(() => resolve(typed));
          if (c === '\u0003' || c === '\u0004') return end(() => reject(new CancelledError()));
          if (c === '\u007f' || c === '\b') typed = [...typed].slice(0, -1).join('');
          else if (c >= ' ') typed += c;
        }
      };
      const onEnd = (): void => end(() => reject(new CancelledError()));
      const end = (act: () => void): void => {
        stdin.off('data', onData);
        stdin.off('end', onEnd);
        act();
      };
      stdin.on('data', onData);
      stdin.on('end', onEnd);
    });
  } finally {
    stdin.setRawMode?.(false);
    stdin.pause();
    stderr.write('\n');
  }
}
