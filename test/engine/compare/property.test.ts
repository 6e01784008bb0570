import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TableCompared } from '../../../src/engine/compare';
import { Comparer, type TestSide } from '../../support/comparing';
import { runTool } from '../../support/databases';
import { startCluster, type Cluster } from '../../support/postgres';
import { seededRandom } from '../../support/random';

/** The long mode: RESTORE_POINT_COMPARE_SEEDS=1000. */
const total = Number(process.env.RESTORE_POINT_COMPARE_SEEDS ?? 16);
const first = Number(process.env.RESTORE_POINT_SEED ?? 1);

const texts = [
  "''",
  "'\\N'",
  "'\\.'",
  "E'tab\\there'",
  "E'line\\nfeed\\r'",
  "'back\\slash'",
  "'“é😀”'",
  "E'\\x01\\x7f'",
  '\'"a",b\'',
  "'  '",
];

/** Types and values of theirs, as SQL. */
const types: Record<string, (number: number) => string> = {
  integer: (n) => `${n - 50}`,
  bigint: (n) => `${n}000000000000`,
  'numeric(20,4)': (n) => `${n}.${n % 7}`,
  numeric: (n) => (n % 9 === 0 ? "'NaN'" : n % 10 === 0 ? "'Infinity'" : `${n}.${'0'.repeat(n % 4)}`),
  text: (n) => texts[n % texts.length]!,
  'character(5)': (n) => `'c${n % 100}'`,
  boolean: (n) => (n % 2 ? 'true' : 'false'),
  'double precision': (n) => (n % 11 === 0 ? "'NaN'" : n % 12 === 0 ? "'-Infinity'" : `${n} / 3.0`),
  'timestamp with time zone': (n) =>
    n % 13 === 0 ? "'infinity'" : `timestamptz '2024-03-30 00:00+00' + interval '${n * 1733} seconds'`,
  date: (n) => `date '2000-01-01' + ${n}`,
  interval: (n) => `interval '${n} hours 3 days'`,
  bytea: (n) => `'\\x${(n % 256).toString(16).padStart(2, '0')}5c0a00'::bytea`,
  json: (n) => `'{"b": ${n}, "a": [1.0, null]}'::json`,
  jsonb: (n) => `'{"b": ${n}, "a": "\\u00e9"}'::jsonb`,
  uuid: (n) => `md5('${n}')::uuid`,
  'text[]': (n) => `array['a,${n}', null, '"', '\\']`,
  inet: (n) => `inet '10.0.0.${n % 256}'`,
  int4range: (n) => `int4range(${n}, ${n + 5})`,
  xml: (n) => `'<a>${n}</a>'::xml`,
};

interface Table {
  name: string;
  key: 'primary' | 'composite' | 'unique' | 'none' | 'partitioned';
  columns: string[];
  rows: number;
}

class Case {
  readonly #random: () => number;
  readonly tables: Table[];

  constructor(seed: number) {
    this.#random = seededRandom(seed * 7919);
    this.tables = Array.from({ length: 1 + this.#below(3) }, (_, number) => ({
      name: number === 1 ? 'Odd "Name"' : `t${number}`,
      key: this.#one(['primary', 'primary', 'composite', 'unique', 'none', 'partitioned'] as const),
      columns: Array.from({ length: this.#below(6) }, () => this.#one(Object.keys(types))),
      rows: this.#below(4) === 0 ? this.#below(3) : this.#below(90),
    }));
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #one<T>(list: readonly T[]): T {
    return list[this.#below(list.length)]!;
  }

  choose<T>(list: readonly T[]): T {
    return this.#one(list);
  }

  #value(type: string): string {
    return this.#below(8) === 0 ? 'null' : types[type]!(1 + this.#below(200));
  }

  #insert({ name, columns }: Table, from: number, count: number): string {
    if (count === 0) return '';
    const rows = Array.from({ length: count }, (_, row) => {
      const id = from + row;
      return `(${[id, `'k${id % 10}'`, ...columns.map((type) => this.#value(type))].join(', ')})`;
    });
    return `insert into ${quoted(name)} values ${rows.join(', ')};\n`;
  }

  make(): string {
    return this.tables
      .map((table) => {
        const { name, key, columns, rows } = table;
        const of = [
          'id int not null',
          'k text not null',
          ...columns.map((type, column) => `"c ${column}" ${type}`),
          ...(key === 'primary' ? ['primary key (id)'] : []),
          ...(key === 'composite' || key === 'partitioned' ? ['primary key (k, id)'] : []),
        ];
        const parted = key === 'partitioned' ? ' partition by hash (k, id)' : '';
        const parts = [0, 1].map(
          (part) =>
            `create table ${quoted(`${name}_${part}`)} partition of ${quoted(name)} for values with (modulus 2, remainder ${part});\n`,
        );
        return [
          `create table ${quoted(name)} (${of.join(', ')})${parted};\n`,
          ...(parted ? parts : []),
          ...(key === 'unique' ? [`create unique index on ${quoted(name)} (id);\n`] : []),
          this.#insert(table, 1, rows),
          // Rows that are the same in everything.
          ...(key === 'none' && rows > 3
            ? [`insert into ${quoted(name)} select * from ${quoted(name)} where id < 4;\n`]
            : []),
        ].join('');
      })
      .join('');
  }

  change(): string {
    return this.tables
      .map((table) => {
        const { name, columns, rows } = table;
        const some = (): string => `id % ${2 + this.#below(30)} = ${this.#below(2)}`;
        const changes: string[] = [];
        if (this.#below(3) > 0 && columns.length > 0) {
          const column = this.#below(columns.length);
          changes.push(
            `update ${quoted(name)} set "c ${column}" = ${this.#value(columns[column]!)} where ${some()};\n`,
          );
        }
        if (this.#below(3) === 0) changes.push(`delete from ${quoted(name)} where ${some()};\n`);
        if (this.#below(3) === 0) changes.push(this.#insert(table, rows + 100, 1 + this.#below(5)));
        // Nothing is changed by it, but where rows lie.
        if (this.#below(2) === 0) changes.push(`update ${quoted(name)} set k = k where ${some()};\n`);
        return changes.join('');
      })
      .join('');
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** What has to be found, counted by the server itself on a copy of what was there before. */
function expected({ name, key }: Table): string {
  const [now, before] = [`public.${quoted(name)}`, `before.${quoted(name)}`];
  if (key === 'none')
    return `with d as (select coalesce(n.n, 0) - coalesce(b.n, 0) as n from
              (select t::text as t, count(*) as n from ${now} t group by 1) n full join
              (select t::text as t, count(*) as n from ${before} t group by 1) b using (t))
            select coalesce(sum(n) filter (where n > 0), 0) || ' ' || coalesce(-sum(n) filter (where n < 0), 0) || ' 0' from d`;
  return `select count(*) filter (where b.id is null) || ' ' || count(*) filter (where n.id is null) || ' ' ||
                 count(*) filter (where n.t <> b.t)
            from (select id, t::text as t from ${now} t) n full join (select id, t::text as t from ${before} t) b using (id)`;
}

describe('comparing databases that were changed at random', function () {
  this.timeout(120_000 + total * 20_000);
  const clusters = new Map<number, Cluster>();
  let comparer: Comparer;

  before(async () => {
    for (const major of [15, 18]) clusters.set(major, await startCluster(major));
    comparer = await Comparer.open();
  });
  after(async () => {
    await comparer?.close();
    for (const cluster of clusters.values()) await cluster.stop();
  });

  const ways = [
    ['-Fc'],
    ['-Fc', '-Z0'],
    ['-Fd'],
    ['-Ft'],
    ['-Fp'],
    ['-Fp', '--inserts'],
    ['-Fc', '--column-inserts'],
    ['-Fc', '-E', 'UTF8'],
  ];

  for (let seed = first; seed < first + total; seed++)
    it(`seed ${seed}`, async () => {
      const made = new Case(seed);
      const source = made.choose([15, 18]);
      const cluster = clusters.get(source)!;
      const database = `d${seed}`;
      const dump = async (from: Cluster, name: string, how: string[], zone: string): Promise<string> => {
        const path = join(comparer.folder, `${seed}-${name}`);
        await from.sql(`alter database ${database} set timezone = '${zone}'`);
        await runTool(from, from.major, 'pg_dump', ['-f', path, '-n', 'public', ...how, database]);
        return path;
      };
      await cluster.sql(`create database ${database}`);
      try {
        await cluster.sql(made.make(), database);
        const left = await dump(
          cluster,
          'left',
          made.choose(ways),
          made.choose(['UTC', 'UTC', 'America/New_York']),
        );
        await cluster.sql(
          `create schema before; ${made.tables.map(({ name }) => `create table before.${quoted(name)} as table public.${quoted(name)};`).join(' ')}`,
          database,
        );
        await cluster.sql(made.change() || 'select 1', database);
        const truth: Record<string, string> = {};
        for (const table of made.tables) truth[table.name] = await cluster.sql(expected(table), database);
        const right: TestSide = await made.choose([
          () => ({ cluster, database }),
          () => dump(cluster, 'right', made.choose(ways), 'UTC'),
        ])();
        const found = await comparer.compare(
          left,
          right,
          { rows: true, schemas: ['public'] },
          { bounds: made.choose([{}, { rows: 5, run: 300 }, { kept: 600 }, { kept: 30, run: 300 }]) },
        );
        assert.deepEqual(found.faults, []);
        const counts: Record<string, string> = {};
        for (const { name } of made.tables) {
          const ours = found.tables.filter((one) => one.name === name || one.name.startsWith(`${name}_`));
          const sum = (key: 'added' | 'removed' | 'changed'): number =>
            ours.reduce((all: number, one: TableCompared) => all + (one[key] ?? Number.NaN), 0);
          counts[name] = `${sum('added')} ${sum('removed')} ${sum('changed')}`;
        }
        assert.deepEqual(counts, truth);
        const kept = Object.values(found.rows).flat().length;
        assert.equal(
          kept,
          Object.values(truth)
            .flatMap((text) => text.split(' '))
            .reduce((sum, one) => sum + Number(one), 0),
        );
        assert.equal(found.equal, kept === 0 && found.objects.differences.length === 0);
      } finally {
        await cluster.sql(`drop database ${database} with (force)`);
      }
    });
});
