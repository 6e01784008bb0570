import * as l10n from '@vscode/l10n';
import { toFacts } from '../../errors';
import { compressions } from '../compressions';
import { readHead } from '../io/source';
import { SpoolBudget } from '../io/spool';
import { probeHeader } from '../toc/probe-header';
import type { Identity } from '../types';
import { MemberFiles } from './member-files';
import { identity, type Probe } from './types';

const HEAD = 8192;

/** The table of contents in a folder, null when the folder is no directory dump. Some people compress it by hand. */
export function tocName(names: readonly string[]): string | null {
  return compressions.map(({ suffix }) => `toc.dat${suffix}`).find((name) => names.includes(name)) ?? null;
}

export async function identifyDirectory(probe: Probe): Promise<Identity | null> {
  if (!probe.container) return null;
  const files = new MemberFiles({ container: probe.container, budget: new SpoolBudget(0) });
  const file = await files.find('toc.dat', {});
  if (!file) return null;
  try {
    const source = await files.open(file);
    const head = await readHead(source, HEAD).finally(() => source.close());
    const found = await probeHeader(head);
    if ('reason' in found) return identity('broken', 'directory', probe, { reason: found.reason });
    return identity('archive', 'directory', probe, { header: found.header });
  } catch (error) {
    return identity('broken', 'directory', probe, {
      reason: l10n.t('Its table of contents cannot be read: {0}', toFacts(error).why),
    });
  }
}
