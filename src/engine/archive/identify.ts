import { readdir, stat } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { toFacts } from '../errors';
import { formats } from './formats';
import type { Probe } from './formats/types';
import type { Identity } from './types';
import { readHead, readUnwrappedHead, wrapperOf } from './unwrap';

/** Enough for any archive's header. */
const HEADER = 8 * 1024;
/** Enough for the first statements of a script. */
const HEAD = 64 * 1024;

/**
 * What a file or folder is, from its content alone; reads at most its first 64 KiB (unwrapped).
 * Throws only what the file system throws for the path itself (missing, not readable).
 */
export async function identify(path: string): Promise<Identity> {
  const facts = await stat(path);
  if (facts.isDirectory()) return await identifyProbe(folderProbe(path, await readdir(path)));
  if (!facts.isFile())
    return { kind: 'unknown', format: null, wrapper: null, reason: l10n.t('It is no regular file.') };
  const start = await readHead(path, HEADER);
  const wrapper = wrapperOf(start);
  if (!wrapper) {
    // Most files are told by their first bytes; of text more is needed to tell SQL from prose.
    const text = start.length === HEADER && !start.includes(0);
    const head = text ? await readHead(path, HEAD) : start;
    return await identifyProbe({ path, names: null, head, wrapper });
  }
  try {
    const unwrapped = await readUnwrappedHead(path, HEAD);
    return await identifyProbe({ path, names: null, head: unwrapped, wrapper });
  } catch (error) {
    return {
      kind: 'broken',
      format: null,
      wrapper,
      reason: l10n.t('It begins like a compressed file, but cannot be decompressed: {0}', toFacts(error).why),
    };
  }
}

export function folderProbe(path: string, names: string[]): Probe {
  return { path, names, head: Buffer.alloc(0), wrapper: null };
}

export async function identifyProbe(probe: Probe): Promise<Identity> {
  for (const format of formats) {
    const found = await format.identify(probe);
    if (found) return found;
  }
  return { kind: 'unknown', format: null, wrapper: probe.wrapper, reason: reasonFor(probe) };
}

/** What else it is, for the commonest mistakes. */
function reasonFor({ head, names }: Probe): string {
  if (names) return l10n.t('The folder holds no toc.dat, so it is no directory dump.');
  if (head.length === 0) return l10n.t('The file is empty.');
  const start = head.toString('latin1', 0, 4);
  if (start === 'PK\x03\x04') return l10n.t('It is a ZIP file: unpack it first.');
  if (start === '7z\xbc\xaf') return l10n.t('It is a 7-Zip file: unpack it first.');
  if (start.startsWith('BZh')) return l10n.t('It is compressed with bzip2: decompress it first.');
  if (start === '\xfd7zX') return l10n.t('It is compressed with xz: decompress it first.');
  if (head.toString('latin1', 257, 262) === 'ustar')
    return l10n.t('It is a tar file, but not one that pg_dump wrote: unpack it first.');
  return l10n.t('Its bytes are no PostgreSQL dump.');
}
