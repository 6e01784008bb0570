import type { FileHandle } from 'node:fs/promises';
import { PAGE } from './pages';

/** `INCREMENTAL_MAGIC` (src/include/backup/basebackup_incremental.h). */
const MAGIC = 0xd3ae1f0d;
const HEADER = 12;
/** Blocks of a segment of a relation's at most (RELSEG_SIZE). */
const MOST = 131_072;

/**
 * Which blocks a file of an incremental backup holds (`INCREMENTAL.…`), and where the first of them stands: magic, count, length it was cut
 * to, then the blocks' numbers, filled up to a whole page where there are any (GetIncrementalHeaderSize of basebackup_incremental.c). None
 * for what is no such file.
 */
export async function changedBlocks(file: FileHandle): Promise<{ at: number; blocks: number[] }> {
  const none = { at: 0, blocks: [] };
  const header = Buffer.alloc(HEADER);
  await file.read(header, 0, HEADER, 0);
  const count = header.readUInt32LE(4);
  if (header.readUInt32LE(0) !== MAGIC || count > MOST) return none;
  const list = Buffer.alloc(count * 4);
  const { bytesRead } = await file.read(list, 0, list.length, HEADER);
  if (bytesRead < list.length) return none;
  const blocks = Array.from({ length: count }, (_, at) => list.readUInt32LE(at * 4));
  return { at: Math.ceil((HEADER + list.length) / PAGE) * PAGE, blocks };
}
