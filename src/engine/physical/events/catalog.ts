import { pageLsn, rowsOf } from './pages';

/** Bytes of a row that are kept: all columns that are asked for stand before. */
const KEPT = 128;
const BLOCK = 0x1_0000;

interface Slot<Row> {
  /** The row's first bytes, without its header. */
  head: Buffer;
  /** How long it is in all. */
  length: number;
  row: Row | null;
}

/** What a catalog's rows mean, and who wants to know of them. */
export interface CatalogUse<Row> {
  /** Which catalog it is. */
  oid: number;
  /** Null for what is no row of it. */
  read(head: Buffer): Row | null;
  put(row: Row): void;
  /** The place of a row has another now. */
  drop(row: Row): void;
}

/**
 * The rows of a catalog by their places, as they were in a backup and as the WAL changes them: a change names the bytes that
 * differ only, and which row it is by its place alone.
 */
export class CatalogPages<Row> {
  readonly #use: CatalogUse<Row>;
  readonly #slots = new Map<number, Slot<Row>>();
  /** Of pages that were given whole: when they were last changed. */
  readonly #lsns = new Map<number, number>();

  constructor(use: CatalogUse<Row>) {
    this.#use = use;
  }

  get oid(): number {
    return this.#use.oid;
  }

  /** Null for a place whose row is not known. */
  row(block: number, offset: number): Row | null {
    return this.#slots.get(block * BLOCK + offset)?.row ?? null;
  }

  /** A page as it is after the record at `lsn`; absent: as its own header says. */
  setPage(block: number, page: Buffer, lsn = pageLsn(page)): void {
    this.#lsns.set(block, lsn);
    for (const { offset, data } of rowsOf(page)) this.#set(block, offset, data, data.length);
  }

  /** Whether a page has a change already: backups copy pages while they change. */
  has(block: number, lsn: number): boolean {
    return lsn < (this.#lsns.get(block) ?? -1);
  }

  set(block: number, offset: number, data: Buffer): void {
    this.#set(block, offset, data, data.length);
  }

  /** A row that has its first and last bytes of another; nothing where that one is not known. */
  setChanged(
    [block, offset]: [number, number],
    [oldBlock, oldOffset]: [number, number],
    { prefix, suffix, middle }: { prefix: number; suffix: number; middle: Buffer },
  ): void {
    const old = this.#slots.get(oldBlock * BLOCK + oldOffset);
    const length = prefix + middle.length + suffix;
    if (prefix + suffix > 0 && !old) return;
    const head = Buffer.alloc(Math.min(length, KEPT));
    old?.head.copy(head, 0, 0, Math.min(prefix, head.length));
    middle.copy(head, Math.min(prefix, head.length));
    const suffixAt = prefix + middle.length;
    if (old && suffixAt < head.length) {
      const from = old.length - suffix;
      // Its end may lie behind what was kept of it.
      if (from + head.length - suffixAt > old.head.length) return;
      old.head.copy(head, suffixAt, from, from + head.length - suffixAt);
    }
    this.#set(block, offset, head, length);
  }

  #set(block: number, offset: number, data: Buffer, length: number): void {
    const key = block * BLOCK + offset;
    const old = this.#slots.get(key);
    const head = Buffer.from(data.subarray(0, KEPT));
    if (old?.length === length && old.head.equals(head)) return;
    const row = this.#use.read(head);
    this.#slots.set(key, { head, length, row });
    if (old?.row) this.#use.drop(old.row);
    if (row) this.#use.put(row);
  }
}
