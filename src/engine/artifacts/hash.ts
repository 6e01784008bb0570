import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { CancelledError } from '../errors';

/** Lower-case hex SHA-256 and size of a file, read in pieces; `onBytes` is told of each. */
export async function hashFile(
  path: string,
  { signal, onBytes }: { signal?: AbortSignal; onBytes?: (count: number) => void } = {},
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const part of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    if (signal?.aborted) throw new CancelledError();
    hash.update(part);
    bytes += part.length;
    onBytes?.(part.length);
  }
  return { sha256: hash.digest('hex'), bytes };
}
