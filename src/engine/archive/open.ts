import { DumpArchive } from './archive';
import { findDump } from './find';
import { formats } from './formats';
import type { DumpReader, Found } from './formats/types';
import { defaultLimits } from './limits';
import type { Entry, Limits, OpenOptions } from './types';

/**
 * Opens a dump of any format: reads its contents and gives random access to what is in it. Damage of the
 * contents is in `contents.faults`, with the entries before it; what cannot be read at all (no dump, broken,
 * newer than known) throws `archive.notADump`.
 */
export async function open(path: string, options: OpenOptions = {}): Promise<DumpArchive> {
  const limits = { ...defaultLimits, ...options.limits };
  // Scripts tell their entries while they are read; what was not told yet is told at the end.
  let told = 0;
  const onEntries = (piece: Entry[]): void => {
    told += piece.length;
    options.onEntries?.(piece);
  };
  const { found, reader } = await openReader(path, limits, { ...options, onEntries });
  const rest = reader.contents.entries.slice(told);
  if (rest.length > 0) options.onEntries?.(rest);
  return new DumpArchive(found, reader, limits);
}

/** A dump with its contents read; `found` has to be closed. */
export async function openReader(
  path: string,
  limits: Limits,
  options: OpenOptions,
): Promise<{ found: Found; reader: DumpReader }> {
  const found = await findDump(path, limits, options);
  try {
    const format = formats.find(({ name }) => name === found.identity.format)!;
    const reader = await format.open(found, options);
    const { inside } = found.identity;
    if (inside) reader.contents.inside = inside;
    return { found, reader };
  } catch (error) {
    await found.close();
    throw error;
  }
}
