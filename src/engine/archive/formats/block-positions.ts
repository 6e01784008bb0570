import { recall, remember } from '../../remembered';
import type { Toc } from '../toc/entries';
import type { Found } from './types';

/** The folder of `remembered.ts` they are kept in. */
const KIND = 'positions';
/** Blocks that are remembered of one file: about 2 MB; those behind them are hopped to again. */
const MOST = 100_000;

/** The blocks of a custom archive from its first one on, as far as they were found. */
export interface BlockPositions {
  /** In the order of the file: entry, byte of the block's type, byte behind the block. */
  blocks: [id: number, at: number, end: number][];
  /** These are all. */
  complete: boolean;
}

interface Kept extends BlockPositions {
  /** What tells whether they are of this very dump, besides the identity of the file. */
  of: string;
}

/**
 * What was found by hopping when the file was open before; null when that is nothing, or cannot be of this
 * file. The positions are in the order of the file and inside of it, but only reading shows that they are right.
 */
export async function recallPositions(found: Found, toc: Toc, start: number): Promise<BlockPositions | null> {
  const kept = await recall<Kept>(KIND, found.path);
  if (kept?.of !== mark(found, toc, start) || !Array.isArray(kept.blocks)) return null;
  const known = new Set(toc.entries.flatMap(({ id, hasData }) => (hasData ? [id] : [])));
  const size = found.source!.size ?? Number.MAX_SAFE_INTEGER;
  let behind = start;
  for (const [id, at, end] of kept.blocks) {
    if (!known.delete(id) || !(at >= behind) || !(end > at) || end > size) return null;
    behind = end;
  }
  return { blocks: kept.blocks, complete: kept.complete === true };
}

export async function rememberPositions(
  found: Found,
  toc: Toc,
  start: number,
  { blocks, complete }: BlockPositions,
): Promise<void> {
  const kept: Kept = {
    of: mark(found, toc, start),
    blocks: blocks.slice(0, MOST),
    complete: complete && blocks.length <= MOST,
  };
  await remember(KIND, found.path, kept);
}

/** The same file holds the same dump at the same place; what is written over it in one moment may not. */
function mark({ identity, source }: Found, { header, entries }: Toc, start: number): string {
  const facts = [header.createdAt, header.database, entries.length, start, source!.size ?? -1];
  return JSON.stringify([...facts, ...(identity.inside ?? [])]);
}
