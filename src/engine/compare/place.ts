import { join } from 'node:path';
import type { Home } from '../home';
import { EXTENSION } from './file/layout';

/** Where comparisons are kept when nobody says otherwise. */
export function comparisonsFolder({ state }: Home): string {
  return join(state, 'comparisons');
}

/** A file's name that tells what was compared, and when. */
export function comparisonPath(folder: string, titles: readonly string[], now: Date): string {
  const stamp = now
    .toISOString()
    .replaceAll(/[-:]/g, '')
    .replace(/\.\d+Z$/, 'Z');
  const words = titles.map((title) =>
    title
      // A backup's own name says when and how, which the comparison's name need not.
      .replace(/(?:_\d{8}T\d{6}Z)?(?:\.[a-z]\w*)+$/i, '')
      .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
      .replaceAll(/^[-.]+|[-.]+$/g, '')
      .slice(0, 60),
  );
  return join(folder, `${words.join('--')}_${stamp}${EXTENSION}`);
}
