import { maskSecrets } from '../../archive';
import type { Ignorable } from '../types';
import type { DatabaseObject } from './inventory';

/** An object as SQL to read: its definition, then what is said of it. Secrets are masked: comparisons are kept and shared. */
export function objectText(object: DatabaseObject, ignored: ReadonlySet<Ignorable> = new Set()): string {
  const { entry, defaults, privileges, comments, labels, owner } = object;
  const parts = [
    ...(entry.tablespace && !ignored.has('tablespaces') ? [`-- Tablespace: ${entry.tablespace}`] : []),
    ...(entry.accessMethod && entry.accessMethod !== 'heap'
      ? [`-- Access method: ${entry.accessMethod}`]
      : []),
    entry.definition.trim(),
    ...defaults,
    ...(owner && !ignored.has('owners') ? [owner] : []),
    ...(ignored.has('privileges') ? [] : privileges),
    ...(ignored.has('comments') ? [] : comments),
    ...labels,
  ];
  return maskSecrets(`${parts.filter(Boolean).join('\n\n')}\n`);
}
