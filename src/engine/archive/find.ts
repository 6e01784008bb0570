import { stat } from 'node:fs/promises';
import { FolderContainer } from './containers/folder';
import { TarContainer } from './containers/tar';
import type { Found } from './formats/types';
import { identify } from './identify';
import { DecodedSource } from './io/decoded-source';
import { FileSource } from './io/file-source';
import type { ByteSource } from './io/source';
import { SpoolBudget } from './io/spool';
import { notADump } from './errors';
import { checkAborted } from './abort';
import type { Limits, ReadOptions } from './types';
import { wrappers } from './wrappers';

/** About what a name in a container takes in memory. */
const MEMBER = 300;

/** Opens what a path holds. Throws `archive.notADump` for what cannot be read at all. */
export async function findDump(path: string, limits: Limits, { signal }: ReadOptions): Promise<Found> {
  checkAborted(signal);
  const identity = await identify(path);
  const { kind, wrapper, format, reason } = identity;
  if (kind === 'unknown' || kind === 'broken') throw notADump(path, reason ?? kind);
  const budget = new SpoolBudget(limits.disk);
  if ((await stat(path)).isDirectory()) {
    const container = await FolderContainer.open(path);
    return { path, identity, source: null, container, limits, budget, close: () => container.close() };
  }
  let source: ByteSource = await FileSource.open(path);
  const around = wrappers.find(({ name }) => name === wrapper);
  if (around) {
    const { unwrap: decoder, resume } = around;
    source = new DecodedSource(source, { decoder, resume, wrapper: true }, budget);
  }
  const container = format === 'tar' ? new TarContainer(source, limits.memory / MEMBER) : null;
  return { path, identity, source, container, limits, budget, close: () => source.close() };
}
