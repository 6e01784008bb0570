import type { JobMessage } from './events';
import { readEvents } from './read';

/** What pg_restore and psql said in a job, judged, in order. */
export async function readMessages(folder: string): Promise<JobMessage[]> {
  const messages: JobMessage[] = [];
  for (let offset = 0, more = true; more;) {
    const part = await readEvents(folder, offset, 1 << 20);
    ({ offset, more } = part);
    for (const event of part.events) if (event.type === 'message') messages.push(event.message);
  }
  return messages;
}
