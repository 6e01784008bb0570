import { open, rename, rm } from 'node:fs/promises';

/**
 * Writes a file that is there wholly or not at all: as `PATH.partial` (mode 0600), synced, then renamed over
 * whatever has the name. On failure and cancel nothing is left. Throws what the source or the file system throws.
 *
 * @returns bytes written
 */
export async function writeWhole(
  path: string,
  parts: AsyncIterable<Uint8Array>,
  { signal }: { signal?: AbortSignal } = {},
): Promise<number> {
  const partial = `${path}.partial`;
  let bytes = 0;
  try {
    const file = await open(partial, 'w', 0o600);
    try {
      for await (const part of parts) {
        signal?.throwIfAborted();
        for (let at = 0; at < part.length;) at += (await file.write(part, at)).bytesWritten;
        bytes += part.length;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
    return bytes;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
