import { findDump } from './find';
import { formats } from './formats';
import { defaultLimits } from './limits';
import { openReader } from './open';
import type { Contents, Counted, CountOptions, ReadOptions } from './types';

/** Everything is read once: nothing is kept. */
const passing = { ...defaultLimits, disk: 0 };

/**
 * What is in a dump: header facts and entries, in the dump's order. Archives give it from their table of
 * contents alone; scripts are read to their end. Damage of the contents is in `faults`, with the entries
 * before it; what cannot be read at all (no dump, broken, newer than known) throws `archive.notADump`.
 */
export async function readContents(path: string, options: ReadOptions = {}): Promise<Contents> {
  const { found, reader } = await openReader(path, passing, options);
  await found.close();
  return reader.contents;
}

/**
 * Decodes a dump to its last byte and counts the rows of every table, with bounded memory. Everything
 * that is wrong with it is in `faults`; throws as `readContents` does for what is no dump.
 */
export async function countRows(path: string, options: CountOptions = {}): Promise<Counted> {
  const found = await findDump(path, passing, options);
  try {
    return await formats.find(({ name }) => name === found.identity.format)!.count(found, options);
  } finally {
    await found.close();
  }
}
