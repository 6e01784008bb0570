import * as l10n from '@vscode/l10n';
import { MAGIC } from '../toc/header';
import { probeHeader } from '../toc/probe-header';
import type { Identity } from '../types';
import { identity, type Probe } from './types';

export async function identifyCustom(probe: Probe): Promise<Identity | null> {
  const { head } = probe;
  if (probe.container || head.length < MAGIC.length || !head.subarray(0, MAGIC.length).equals(MAGIC))
    return null;
  if (probe.wrapper === 'utf16')
    return identity('broken', 'custom', probe, {
      reason: l10n.t(
        'It was an archive, and a redirection in Windows PowerShell turned it into UTF-16 text: it cannot be repaired. Let pg_dump write the file itself (--file).',
      ),
    });
  const found = await probeHeader(head);
  if ('reason' in found) return identity('broken', 'custom', probe, { reason: found.reason });
  const { header } = found;
  if (header.formatByte === 1) return identity('archive', 'custom', probe, { header });
  return identity('broken', header.formatByte === 3 ? 'directory' : null, probe, {
    header,
    reason:
      header.formatByte === 3
        ? l10n.t('It is only the table of contents of a directory dump: open its folder.')
        : l10n.t('It begins like an archive, but names the unknown format {0}.', header.formatByte),
  });
}
