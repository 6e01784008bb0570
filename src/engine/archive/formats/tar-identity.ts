import { BLOCK, parseTarHeader } from '../containers';
import { MAGIC } from '../toc/header';
import { probeHeader } from '../toc/probe-header';
import type { Identity } from '../types';
import { identity, type Probe } from './types';

export async function identifyTar(probe: Probe): Promise<Identity | null> {
  const first = parseTarHeader(probe.head);
  if (first?.name !== 'toc.dat') return null;
  const content = probe.head.subarray(BLOCK, BLOCK + Math.min(first.size, 7000));
  if (!content.subarray(0, MAGIC.length).equals(MAGIC.subarray(0, content.length))) return null;
  const found = await probeHeader(content);
  if ('reason' in found) return identity('broken', 'tar', probe, { reason: found.reason });
  return identity('archive', 'tar', probe, { header: found.header });
}
