import type { TransactionEnd } from './ends';
import { FIRST_NORMAL, type Names, type RelationName } from './names';
import type { EventDatabase, EventEffect } from './types';

/** Effects of one transaction that are told. */
const MOST_EFFECTS = 1000;
/** Files of one transaction whose deleted rows are counted each. */
const MOST_COUNTED = 10_000;
/** Heaps that a rewrite fills and then throws away have names like this (`make_new_heap` in cluster.c). */
const TRANSIENT = /^pg_temp_(\d+)$/;

/** What records wrote to a file that the same transaction made. */
const WROTE_ROWS = 1;
const WROTE_OTHERS = 2;

/** A place in the WAL, in halves. */
export interface Place {
  high: number;
  low: number;
}

/** What a transaction, or a part of it, did until now. */
interface Work {
  database: number;
  /** Rows by the file they were in. */
  deletes: Map<number, number> | null;
  created: Map<number, number> | null;
  /** OIDs of relations it locked against everybody, and where it began to. */
  locked: Set<number> | null;
  lock: Place | null;
  /** OIDs of relations that were rewritten. */
  rewritten: Set<number> | null;
  /** Databases whose files it deleted, and where it began to. */
  emptied: Set<number> | null;
  emptiedAt: Place | null;
  /** It deleted a row of pg_database. */
  dropsDatabase: boolean;
}

/** A transaction that was committed, in facts. */
export interface Committed {
  xid: number;
  database: EventDatabase | null;
  before: Place | null;
  effects: EventEffect[];
  more: number;
}

/**
 * Keeps what transactions did until they end. Bounded by the transactions that are open at a time, and by what each of them
 * does; those that a crash ended are forgotten with the next list of running ones.
 */
export class Transactions {
  readonly #names: Names;
  readonly #leastRows: number;
  readonly #open = new Map<number, Work>();
  /** Files that were made before their transaction had a number. */
  readonly #nobodys = new Set<number>();

  constructor(names: Names, leastRows: number) {
    this.#names = names;
    this.#leastRows = leastRows;
  }

  /** A record of a transaction about a page of a database. */
  touch(xid: number, database: number): Work {
    let work = this.#open.get(xid);
    if (!work) this.#open.set(xid, (work = emptyWork()));
    if (database !== 0) work.database = database;
    return work;
  }

  deletes(xid: number, database: number, file: number): void {
    const work = this.touch(xid, database);
    work.deletes ??= new Map();
    const count = work.deletes.get(file) ?? 0;
    if (count > 0 || work.deletes.size < MOST_COUNTED) work.deletes.set(file, count + 1);
  }

  /** A file was made: without a number of a transaction (0) it is that one's which names it in pg_class. */
  creates(xid: number, database: number, file: number): void {
    if (xid !== 0) {
      (this.touch(xid, database).created ??= new Map()).set(file, 0);
      return;
    }
    // The oldest goes: most are named at once.
    if (this.#nobodys.size >= MOST_COUNTED) this.#nobodys.delete(this.#nobodys.values().next().value!);
    this.#nobodys.add(file);
  }

  /** Whether a transaction made files until now. */
  makesFiles(xid: number): boolean {
    return this.#open.get(xid)?.created != null;
  }

  writes(work: Work, file: number, areRows: boolean): void {
    const before = work.created?.get(file);
    if (before !== undefined) work.created!.set(file, before | (areRows ? WROTE_ROWS : WROTE_OTHERS));
  }

  /** A row of pg_class was written. */
  names(xid: number, database: number, { name, file }: RelationName): void {
    const oid = TRANSIENT.exec(name)?.[1];
    if (oid !== undefined) (this.touch(xid, database).rewritten ??= new Set()).add(Number(oid));
    if (this.#nobodys.delete(file)) this.creates(xid, database, file);
  }

  locks(xid: number, database: number, oid: number, place: Place): void {
    const work = this.touch(xid, database);
    work.lock ??= place;
    work.locked ??= new Set();
    if (work.locked.size < MOST_COUNTED) work.locked.add(oid);
  }

  empties(xid: number, database: number, place: Place): void {
    const work = this.touch(xid, 0);
    (work.emptied ??= new Set()).add(database);
    work.emptiedAt ??= place;
  }

  dropsDatabase(xid: number): void {
    this.touch(xid, 0).dropsDatabase = true;
  }

  /** Transactions before this one are over, whether or not the WAL says so. */
  forgetBefore(xid: number): void {
    // Numbers go round: one is before another by half of all.
    for (const one of this.#open.keys()) if (((one - xid) | 0) < 0) this.#open.delete(one);
  }

  abort(xid: number, { subtransactions }: TransactionEnd): void {
    this.#open.delete(xid);
    for (const sub of subtransactions) this.#open.delete(sub);
  }

  commit(xid: number, end: TransactionEnd): Committed {
    const work = this.#take(xid, end);
    const database = end.database || work.database || end.files[0]?.database || 0;
    const effects = [
      ...this.#databases(work),
      ...this.#files(work, end, database),
      ...this.#rows(work, database),
    ];
    const locks = effects.some(({ kind }) => kind === 'drop' || kind === 'truncate') ? work.lock : null;
    return {
      xid,
      database: database === 0 ? null : this.#names.database(database),
      before: earlier(locks, effects.some(({ kind }) => kind === 'dropDatabase') ? work.emptiedAt : null),
      effects: effects.slice(0, MOST_EFFECTS),
      more: Math.max(0, effects.length - MOST_EFFECTS),
    };
  }

  /** The work of a transaction and of its parts that were not rolled back. */
  #take(xid: number, { subtransactions }: TransactionEnd): Work {
    const work = this.#open.get(xid) ?? emptyWork();
    this.#open.delete(xid);
    for (const sub of subtransactions) {
      const part = this.#open.get(sub);
      if (!part) continue;
      this.#open.delete(sub);
      work.database ||= part.database;
      work.lock = earlier(work.lock, part.lock);
      work.emptiedAt = earlier(work.emptiedAt, part.emptiedAt);
      work.dropsDatabase ||= part.dropsDatabase;
      work.locked = joined(work.locked, part.locked);
      work.rewritten = joined(work.rewritten, part.rewritten);
      work.emptied = joined(work.emptied, part.emptied);
      for (const [file, wrote] of part.created ?? [])
        (work.created ??= new Map()).set(file, wrote | (work.created.get(file) ?? 0));
      for (const [file, rows] of part.deletes ?? [])
        (work.deletes ??= new Map()).set(file, rows + (work.deletes.get(file) ?? 0));
    }
    return work;
  }

  /** Moving a database to another tablespace deletes files, too, but no row of pg_database. */
  #databases({ emptied, dropsDatabase }: Work): EventEffect[] {
    if (!dropsDatabase) return [];
    return [...(emptied ?? [])].map((oid) => {
      const { name } = this.#names.database(oid);
      this.#names.forget(oid);
      return { kind: 'dropDatabase', oid, fileNode: null, schema: null, name, rows: null };
    });
  }

  /**
   * What deleting files meant. The statistics that go with a relation tell which relations are gone; of a rewrite (VACUUM
   * FULL, CLUSTER, ALTER TABLE, REFRESH) it is the heap it filled that goes; a TRUNCATE makes new files and takes no relation away.
   */
  #files(work: Work, { files, relations }: TransactionEnd, database: number): EventEffect[] {
    const { created, rewritten, locked } = work;
    const transient = relations.filter((oid) => created?.has(oid));
    const gone = new Set(relations.filter((oid) => !created?.has(oid)));
    const found: EventEffect[] = [];
    const told = new Set<number>();
    for (const { database: own, file } of files) {
      if (created?.has(file)) continue;
      const known = this.#names.byFile(own, file);
      // A relation's first file has its OID for a name.
      const oid = known?.oid ?? (gone.has(file) || locked?.has(file) ? file : null);
      const isGone = oid === null ? created === null : gone.has(oid);
      if (known && !isTable(known.kind)) continue;
      if (oid !== null && oid < FIRST_NORMAL) continue;
      if (!isGone && isRewrite(oid, { rewritten, transient, created })) continue;
      if (oid !== null) told.add(oid);
      found.push(this.#effect(isGone ? 'drop' : 'truncate', own, known, { oid, file }));
    }
    for (const oid of gone) {
      const known = told.has(oid) ? undefined : this.#names.byOid(database, oid);
      if (known && (known.file === 0 || known.kind === 'v') && isTable(known.kind))
        found.push(this.#effect('drop', database, known, { oid, file: null }));
    }
    return ordered(found);
  }

  #rows({ deletes }: Work, database: number): EventEffect[] {
    const found: EventEffect[] = [];
    for (const [file, rows] of deletes ?? []) {
      const known = this.#names.byFile(database, file);
      if (rows < this.#leastRows || this.#names.isMapped(database, file)) continue;
      if (known && (!isTable(known.kind) || known.oid < FIRST_NORMAL)) continue;
      found.push({ ...this.#effect('delete', database, known, { oid: known?.oid ?? null, file }), rows });
    }
    return ordered(found);
  }

  #effect(
    kind: EventEffect['kind'],
    database: number,
    known: RelationName | undefined,
    { oid, file }: { oid: number | null; file: number | null },
  ): EventEffect {
    const schema = known ? this.#names.schema(database, known) : null;
    return { kind, oid, fileNode: file, schema, name: known?.name ?? null, rows: null };
  }
}

/** Relations that hold what people made: tables, partitioned ones, materialized views, views, foreign tables, sequences. */
function isTable(kind: string): boolean {
  return 'rpmvfS'.includes(kind);
}

/** Where the old file is known to be of an index, or nothing that was made can be a table that was emptied. */
function isRewrite(
  oid: number | null,
  { rewritten, transient, created }: Pick<Work, 'rewritten' | 'created'> & { transient: number[] },
): boolean {
  // The old file is the filled heap's by then, if the change of pg_class was seen.
  if (oid !== null && (rewritten?.has(oid) || transient.includes(oid))) return true;
  // Its heap was seen, but not of which relation it was.
  if (transient.length > 0 && (rewritten === null || oid === null)) return true;
  // REINDEX: everything that was made was filled with pages of an index.
  return oid === null && created !== null && [...created.values()].every((wrote) => wrote & WROTE_OTHERS);
}

/** What has a name first. */
function ordered(effects: EventEffect[]): EventEffect[] {
  return effects.sort((a, b) => Number(a.name === null) - Number(b.name === null));
}

function earlier(a: Place | null, b: Place | null): Place | null {
  if (!a || !b) return a ?? b;
  return a.high < b.high || (a.high === b.high && a.low <= b.low) ? a : b;
}

function joined(a: Set<number> | null, b: Set<number> | null): Set<number> | null {
  if (!a || !b) return a ?? b;
  for (const one of b) a.add(one);
  return a;
}

function emptyWork(): Work {
  return {
    database: 0,
    deletes: null,
    created: null,
    locked: null,
    lock: null,
    rewritten: null,
    emptied: null,
    emptiedAt: null,
    dropsDatabase: false,
  };
}
