import type { Entry } from '../../archive';
import { quoteIdent, quoteLiteral, withClient, type Access } from '../../connections';

/** Questions in one statement. */
const ATONCE = 100;

/** What tells that nothing of an entry's content is there, as an SQL expression; undefined for what has no such sign. */
function question({ kind, schema, name }: Entry): string | undefined {
  const relation = `${quoteIdent(schema ?? '')}.${quoteIdent(name)}`;
  switch (kind) {
    case 'TABLE DATA':
      return `not exists (select from only ${relation})`;
    case 'SEQUENCE SET':
      return `(select not is_called from ${relation})`;
    case 'MATERIALIZED VIEW DATA':
      return `(select not relispopulated from pg_catalog.pg_class where oid = ${quoteLiteral(relation)}::pg_catalog.regclass)`;
    case 'BLOBS':
      // They are made empty before all rows, and filled after them.
      return 'not exists (select from pg_catalog.pg_largeobject_metadata where pg_catalog.length(pg_catalog.lo_get(oid, 0, 1)) > 0)';
    case 'BLOB':
    case 'BLOB METADATA':
      return 'not exists (select from pg_catalog.pg_largeobject_metadata)';
    default:
      return undefined;
  }
}

/**
 * Of entries that hold content, named as the database has them: the ids of those of which it has none. `COPY` brings the
 * rows of a table all or not at all, so that a table without rows has still to get them. What may not be read counts as
 * there.
 */
export async function emptyOnes(
  access: Access,
  database: string,
  entries: readonly Entry[],
  signal?: AbortSignal,
): Promise<Set<number>> {
  const asked = entries.flatMap((entry) => {
    const text = question(entry);
    return text === undefined ? [] : { id: entry.id, text };
  });
  const empty = new Set<number>();
  if (!asked.length) return empty;
  await withClient(
    access,
    database,
    async (client) => {
      const ask = async (some: typeof asked): Promise<void> => {
        const { rows } = await client.query<{ id: number; empty: boolean | null }>(
          some.map(({ id, text }) => `select ${id} as id, ${text} as empty`).join(' union all '),
        );
        for (const { id, empty: is } of rows) if (is) empty.add(id);
      };
      for (let at = 0; at < asked.length; at += ATONCE) {
        signal?.throwIfAborted();
        const some = asked.slice(at, at + ATONCE);
        await ask(some).catch(async () => {
          for (const one of some) await ask([one]).catch(() => undefined);
        });
      }
    },
    { signal },
  );
  return empty;
}
