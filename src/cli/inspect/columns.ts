import * as l10n from '@vscode/l10n';
import type { Column } from '../../engine/archive';
import { UsageError } from '../args';

/** Index of the column with a name; wrong use when there is none. */
export function oneOfColumns(columns: Column[], name: string): number {
  const index = columns.findIndex((column) => column.name === name);
  if (index >= 0) return index;
  const known = columns.map((column) => column.name).join(', ');
  throw new UsageError(l10n.t('The table has no column "{0}".', name), l10n.t('It has: {0}.', known));
}
