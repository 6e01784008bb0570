import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobEvent } from './events';
import { files } from './folder';

const chunk = 1 << 18;

/**
 * Whole lines of a job's events from a byte offset on, and the offset to go on from. A torn last line
 * (the runner is writing it, or died in it) is left for the next call; a damaged line is passed over.
 *
 * @param limit bytes read at most in one call; call again while `more` is true.
 */
export async function readEvents(
  folder: string,
  offset = 0,
  limit = Infinity,
): Promise<{ events: JobEvent[]; offset: number; more: boolean }> {
  let handle;
  try {
    handle = await open(join(folder, files.events), 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { events: [], offset, more: false };
    throw error;
  }
  try {
    const events: JobEvent[] = [];
    const started = offset;
    let rest = Buffer.alloc(0);
    for (;;) {
      const buffer = Buffer.alloc(chunk);
      const { bytesRead } = await handle.read(buffer, 0, chunk, offset + rest.length);
      if (bytesRead === 0) return { events, offset, more: false };
      const data = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      const end = data.lastIndexOf(0x0a) + 1;
      for (const line of data.toString('utf8', 0, end).split('\n')) {
        const event = parseEvent(line);
        if (event) events.push(event);
      }
      offset += end;
      rest = data.subarray(end);
      if (offset - started >= limit) return { events, offset, more: true };
    }
  } finally {
    await handle.close();
  }
}

function parseEvent(line: string): JobEvent | undefined {
  if (!line) return undefined;
  try {
    const event = JSON.parse(line) as JobEvent;
    return typeof event?.seq === 'number' && typeof event.type === 'string' ? event : undefined;
  } catch {
    return undefined;
  }
}
