import { basename } from 'node:path';
import { countRows, identify } from '../archive';
import { bytesBelow } from './tree';
import type { Evidence, TableRows } from './types';

/** One dump of an artifact; `database` where the artifact holds dumps of several. */
export interface DumpPart {
  path: string;
  database?: string;
}

/**
 * Decodes dumps to their last byte: the evidence of it and the rows of every table. Files that are no
 * dumps are faults; `rows` is the sum of all tables.
 */
export async function countArtifact(
  dumps: DumpPart[],
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (fraction: number) => void } = {},
): Promise<{ evidence: Evidence; tables: TableRows[] }> {
  const start = performance.now();
  const tables: TableRows[] = [];
  const faults: NonNullable<Evidence['faults']> = [];
  const sizes: number[] = [];
  for (const { path } of dumps) sizes.push((await bytesBelow(path)) || 1);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let done = 0;
  for (const [i, { path, database }] of dumps.entries()) {
    const prefix = dumps.length > 1 ? `${basename(path)}: ` : '';
    const found = await identify(path);
    if (found.kind === 'unknown' || found.kind === 'broken')
      faults.push({ what: prefix + (found.reason ?? found.kind), entry: null, offset: null });
    else {
      const share = sizes[i]! / total;
      const counted = await countRows(path, {
        signal,
        onProgress: (fraction) => onProgress?.(done + fraction * share),
      });
      for (const table of counted.tables)
        tables.push(database === undefined ? table : { ...table, database });
      faults.push(...counted.faults.map((fault) => ({ ...fault, what: prefix + fault.what })));
    }
    done += sizes[i]! / total;
  }
  const rows = tables.reduce((sum, table) => sum + (table.rows ?? 0), 0);
  const evidence: Evidence = {
    level: 'contents',
    ok: faults.length === 0,
    at: new Date().toISOString(),
    rows,
    durationMs: Math.round(performance.now() - start),
    ...(faults.length ? { faults: faults.slice(0, 100) } : {}),
  };
  return { evidence, tables };
}
