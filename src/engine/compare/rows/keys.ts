import type { Contents } from '../../archive';
import { tokens, uniqueKey, type UniqueKey } from '../../archive/comparing';
import { tableKey } from '../sides';

/** Keys of a side's tables, the best first: the primary key, then the unique ones with the fewest columns. */
export function keysOf({ entries }: Contents): Map<string, UniqueKey[]> {
  const keys = new Map<string, UniqueKey[]>();
  for (const { kind, definition, schema, database } of entries) {
    if (kind !== 'CONSTRAINT' && kind !== 'INDEX' && kind !== 'TABLE') continue;
    const key = kind === 'TABLE' ? null : uniqueKey(definition);
    if (!key) continue;
    // Before March 2018 names are not qualified.
    const of = tableKey({ schema: key.table.schema ?? schema, name: key.table.name, database });
    keys.set(of, [...(keys.get(of) ?? []), key]);
  }
  for (const list of keys.values()) list.sort((a, b) => rank(a) - rank(b));
  return keys;
}

function rank({ from, columns }: UniqueKey): number {
  return from === 'primaryKey' ? 0 : columns.length;
}

/** Tables by those they refer to (`schema.name`): `ADD CONSTRAINT … FOREIGN KEY … REFERENCES app.customers(id)`. */
export function referencesOf({ entries }: Contents): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { kind, definition, schema, database } of entries) {
    if (kind !== 'FK CONSTRAINT') continue;
    const words = [...tokens(definition)];
    const named = (at: number): { schema: string | null; name: string } => {
      const first = words[at]?.text ?? '';
      return words[at + 1]?.text === '.'
        ? { schema: first, name: words[at + 2]?.text ?? '' }
        : { schema, name: first };
    };
    const word = (text: string): number => words.findIndex((one) => one.type === 'word' && one.text === text);
    const [only, table, references] = [word('only'), word('table'), word('references')];
    const of = tableKey({ ...named((only > 0 ? only : table) + 1), database });
    const to = named(references + 1);
    found.set(of, [...(found.get(of) ?? []), `${to.schema ?? ''}.${to.name}`]);
  }
  return found;
}
