import { quoteIdent } from '../../../quote';
import { insertsWriter } from './inserts';
import { keyOf } from './sql';
import type { ExportTable, RowWriter } from './types';

/** INSERT statements that write over the rows of the same primary key. */
export function upsertsWriter(table: ExportTable): RowWriter {
  const key = keyOf(table);
  const others = table.columns.filter((column) => !column.key && !table.identities.includes(column.name));
  const set = others.map(({ name }) => `${quoteIdent(name)} = EXCLUDED.${quoteIdent(name)}`);
  const target = key.map(({ name }) => quoteIdent(name)).join(', ');
  const action = set.length > 0 ? `DO UPDATE SET ${set.join(', ')}` : 'DO NOTHING';
  return insertsWriter(table, `ON CONFLICT (${target}) ${action}`);
}
