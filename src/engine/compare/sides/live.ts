import { createHash } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import type { Column, Contents, Entry } from '../../archive';
import { tableColumns, textCodec } from '../../archive/comparing';
import {
  cancelQuery,
  quoteIdent,
  quoteLiteral,
  serverFacts,
  withClient,
  type Access,
} from '../../connections';
import { readLive } from '../../inventory';
import type { ClientBuild } from '../../tools';
import type { SequenceValue } from '../types';
import { CopyRows } from './copyRows';
import { limited } from './rate';
import { SessionLeft, Snapshot } from './snapshot';
import { tableKey, type OpenSide, type SideTable, type TablePart } from './types';

export interface LiveOptions {
  access: Access;
  database: string;
  title: string;
  connectionId: string | null;
  builds: ClientBuild[];
  applicationName: string;
  /** What the other side is written in: rows are asked for in the same. */
  encoding: string;
  /** How the other side writes its values, where that can be seen. */
  settings: Record<string, string>;
  /** Bytes per second at most. */
  rate?: number | undefined;
  statementTimeout?: number | undefined;
  signal: AbortSignal;
}

/** Asked for at once. */
const batch = 100;
const objectPiece = 1024 * 1024;

/** Opens a database as a side, in one snapshot. Throws `connection.*`, `inventory.failed`. */
export async function openLiveSide(options: LiveOptions): Promise<OpenSide> {
  const { access, database, signal, encoding } = options;
  const { version } = await withClient(access, database, serverFacts, { signal });
  const snapshot = await Snapshot.open(access, database, options);
  try {
    const found = await snapshot.use(
      async (client) => (await client.query<Found>(tablesSql(version.num))).rows,
    );
    const unread = found.filter(({ readable }) => !readable);
    const contents = await readLive(access, database, options.builds, {
      signal,
      ...(snapshot.id === null ? {} : { snapshot: snapshot.id }),
      without: unread.map(({ schema, name }) => ({ schema, name })),
    });
    return {
      facts: {
        kind: 'database',
        title: options.title,
        path: null,
        connection: access.connection.name ?? null,
        connectionId: options.connectionId,
        database,
        serverVersion: version.text,
        at: snapshot.at,
        bytes: 0,
        encoding,
      },
      contents,
      codec: textCodec(encoding),
      tables: tablesOf(found, contents, snapshot, options),
      unread: new Set(unread.map(tableKey)),
      faults: [],
      sequences: () => sequencesOf(snapshot, contents),
      largeObjects: () => largeObjectsOf(snapshot),
      close: () => snapshot.close(),
    };
  } catch (error) {
    await snapshot.close();
    throw error;
  }
}

interface Found {
  schema: string;
  name: string;
  readable: boolean;
  bytes: string;
  columns: string[] | null;
}

/** Tables with rows of their own, but those of the system and of extensions. */
function tablesSql(version: number): string {
  return `select n.nspname as schema, c.relname as name,
       pg_catalog.has_table_privilege(c.oid, 'select') as readable,
       coalesce(pg_catalog.pg_relation_size(c.oid), 0)::text as bytes,
       (select pg_catalog.array_agg(a.attname::text order by a.attnum) from pg_catalog.pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
           ${version >= 120000 ? `and a.attgenerated = ''` : ''}) as columns
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relkind = 'r' and c.relpersistence <> 't'
   and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
   and not exists (select from pg_catalog.pg_depend d
                    where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
                      and d.deptype = 'e')
 order by 1, 2`;
}

function tablesOf(
  found: readonly Found[],
  contents: Contents,
  snapshot: Snapshot,
  { access, rate, encoding, signal: ended }: LiveOptions,
): SideTable[] {
  return found.map(({ schema, name, readable, bytes, columns }) => {
    const names = columns ?? [];
    const part: TablePart = {
      ...{ schema, name, columns: names, hasRaw: true, endLine: false, whole: true, bytes: Number(bytes) },
      fraction: (read) => Math.min(0.99, read / Math.max(Number(bytes), 1)),
      read: (how, signal) =>
        limited(
          copied(
            snapshot,
            access,
            copyStatement(part, how === 'raw' ? encoding : 'UTF8'),
            AbortSignal.any([signal, ended]),
          ),
          rate,
        ),
    };
    return {
      ...{ schema, name, database: undefined, columns: columnsOf(schema, name, names, contents) },
      part: readable ? part : null,
      why: readable ? null : l10n.t('The role may not read it.'),
    };
  });
}

function copyStatement({ schema, name, columns }: TablePart, encoding: string): string {
  const list = columns.length > 0 ? ` (${columns.map(quoteIdent).join(', ')})` : '';
  // Sessions speak UTF-8, for names that are not ASCII.
  const other = encoding === 'UTF8' ? '' : ` (encoding ${quoteLiteral(encoding)})`;
  return `copy ${quoteIdent(schema)}.${quoteIdent(name)}${list} to stdout${other}`;
}

/** With their types, as the schema-only dump has them. */
function columnsOf(schema: string, name: string, names: readonly string[], contents: Contents): Column[] {
  const entry = { schema, name, copyStatement: '' } as Entry;
  const known = new Map(tableColumns(entry, contents).columns.map((column) => [column.name, column]));
  return names.map((column) => known.get(column) ?? { name: column, type: null, notNull: false, key: false });
}

async function* copied(
  snapshot: Snapshot,
  access: Access,
  statement: string,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  signal.throwIfAborted();
  let end: () => void = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  // The session is held while the rows are read by somebody else.
  let session: Promise<void> = Promise.resolve();
  const opened = new Promise<CopyRows>((resolve, reject) => {
    session = snapshot.use(async (client) => {
      const rows = client.query(new CopyRows(statement));
      resolve(rows);
      await ended;
      if (rows.failure) throw rows.failure;
      if (rows.ended) return;
      // Nobody wants the rest, and what was sent of it is in the way of any other statement.
      await cancelQuery(access, client);
      throw new SessionLeft();
    });
    session.catch(reject);
  });
  try {
    yield* (await opened).pieces(signal);
  } finally {
    end();
    await session.catch(() => {});
  }
}

async function sequencesOf(snapshot: Snapshot, { entries }: Contents): Promise<Map<string, SequenceValue>> {
  const names = entries.filter(
    ({ kind, definition }) => kind === 'SEQUENCE' || /\bSEQUENCE NAME\b/.test(definition),
  );
  const values = new Map<string, SequenceValue>();
  const ask = async (some: readonly Entry[]): Promise<void> => {
    const sql = some.map(
      ({ schema, name }, index) =>
        `select ${index} as at, last_value::text as value, is_called as called from ${quoteIdent(schema ?? '')}.${quoteIdent(name)}`,
    );
    const { rows } = await snapshot.use((client) =>
      client.query<{ at: number } & SequenceValue>(sql.join(' union all ')),
    );
    for (const { at, value, called } of rows) values.set(tableKey(some[at]!), { value, called });
  };
  for (let at = 0; at < names.length; at += batch) {
    const some = names.slice(at, at + batch);
    // One that may not be read keeps none of the others.
    await ask(some).catch(async () => {
      for (const one of some) await ask([one]).catch(() => {});
    });
  }
  return values;
}

async function* largeObjectsOf(snapshot: Snapshot) {
  let after = 0;
  for (;;) {
    const { rows } = await snapshot.use((client) =>
      client.query<{ oid: string }>(
        `select oid::text from pg_catalog.pg_largeobject_metadata where oid > ${after} order by oid limit 1000`,
      ),
    );
    for (const row of rows) {
      const oid = Number(row.oid);
      yield { oid, ...(await digestOf(snapshot, oid)) };
      after = oid;
    }
    if (rows.length < 1000) return;
  }
}

async function digestOf(snapshot: Snapshot, oid: number): Promise<{ bytes: number; digest: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for (;;) {
    const { rows } = await snapshot.use((client) =>
      client.query<{ part: Buffer }>(`select pg_catalog.lo_get(${oid}, ${bytes}, ${objectPiece}) as part`),
    );
    const part = rows[0]!.part;
    hash.update(part);
    bytes += part.length;
    if (part.length < objectPiece) return { bytes, digest: hash.digest('base64') };
  }
}
