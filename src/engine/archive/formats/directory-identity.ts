import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { toFacts } from '../../errors';
import { compressions } from '../compressions';
import { probeHeader } from '../toc/probe-header';
import type { Identity } from '../types';
import { readUnwrappedHead } from '../unwrap';
import { identity, type Probe } from './types';

/** The table of contents in a folder, null when the folder is no directory dump. Some people compress it by hand. */
export function tocName(names: readonly string[]): string | null {
  return compressions.map(({ suffix }) => `toc.dat${suffix}`).find((name) => names.includes(name)) ?? null;
}

export async function identifyDirectory(probe: Probe): Promise<Identity | null> {
  if (!probe.names) return null;
  const toc = tocName(probe.names);
  if (!toc) return null;
  try {
    const found = await probeHeader(await readUnwrappedHead(join(probe.path, toc), 8192));
    if ('reason' in found) return identity('broken', 'directory', probe, { reason: found.reason });
    return identity('archive', 'directory', probe, { header: found.header });
  } catch (error) {
    return identity('broken', 'directory', probe, {
      reason: l10n.t('Its table of contents cannot be read: {0}', toFacts(error).why),
    });
  }
}
