import type { Client } from 'pg';
import { archiveRow } from './view';
import { glanceArchiving } from './glance';
import { lookIntoArchive } from './page';
import type { WalArchive } from '../wal/types';

/** What a tree shows of a server's archive. */
export interface ArchiveInTree {
  /** `window 3 d 4 h · last 40 s ago`. */
  text: string;
  /** Something is wrong; it is in `text` in a word, in `more` in sentences. */
  warns: boolean;
  more: string[];
}

/** Archives that were looked into, with when: listing a large one takes a while. */
const seen = new Map<string, { at: number; archive: WalArchive | null }>();
const seenMs = 5 * 60_000;

/** Null where there is nothing to show: nothing is archived, and no slot keeps WAL. */
export async function archiveInTree(
  client: Client,
  folder: string | null,
  cli: string,
): Promise<ArchiveInTree | null> {
  const { on, archiver, slots, notices } = await glanceArchiving(client);
  if (!on && slots === 0) return null;
  const archive = folder === null ? null : await archiveOf(folder, cli);
  const failing = on && archiver.failing;
  const [notice] = notices;
  const glance = { on, failing, lastAge: on ? archiver.lastArchivedAge : null, notice: notice?.text ?? null };
  return {
    text: archiveRow(glance, archive),
    warns: failing || notices.length > 0 || (archive?.gaps.length ?? 0) > 0,
    more: notices.flatMap(({ text, next }) => [text, next ?? '']).filter(Boolean),
  };
}

async function archiveOf(folder: string, cli: string): Promise<WalArchive | null> {
  const known = seen.get(folder);
  if (known && performance.now() - known.at < seenMs) return known.archive;
  const { archive } = await lookIntoArchive(folder, cli);
  seen.set(folder, { at: performance.now(), archive });
  return archive;
}
