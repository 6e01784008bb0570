import { checkAborted } from './abort';
import { notADump } from './errors';
import { formats } from './formats';
import type { FormatDefinition } from './formats/types';
import { identify } from './identify';
import type { Contents, Counted, CountOptions, Identity, ReadOptions } from './types';

/**
 * What is in a dump: header facts and entries, in the dump's order. Archives give it from their table of
 * contents alone; scripts are read to their end. Damage of the contents is in `faults`, with the entries
 * before it; what cannot be read at all (no dump, broken, newer than known) throws `archive.notADump`.
 */
export async function readContents(path: string, options: ReadOptions = {}): Promise<Contents> {
  const { format, wrapper } = await formatOf(path, options);
  return await format.contents(path, wrapper, options);
}

/**
 * Decodes a dump to its last byte and counts the rows of every table, with bounded memory. Everything
 * that is wrong with it is in `faults`; throws as `readContents` does for what is no dump.
 */
export async function countRows(path: string, options: CountOptions = {}): Promise<Counted> {
  const { format, wrapper } = await formatOf(path, options);
  return await format.count(path, wrapper, options);
}

async function formatOf(
  path: string,
  { signal }: ReadOptions,
): Promise<{ format: FormatDefinition; wrapper: Identity['wrapper'] }> {
  checkAborted(signal);
  const { kind, format: name, wrapper, reason } = await identify(path);
  const format = formats.find((candidate) => candidate.name === name);
  if (!format || kind === 'unknown' || kind === 'broken') throw notADump(path, reason ?? kind);
  return { format, wrapper };
}
