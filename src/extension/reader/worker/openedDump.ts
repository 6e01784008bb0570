import {
  dependencyGraph,
  open,
  type Archive,
  type DependencyGraph,
  type Entry,
  type LargeObject,
  type Limits,
} from '../../../engine/archive';
import { toFacts } from '../../../engine/errors';
import type { Opened, ReaderNews } from '../contract';
import { keptCounts } from './counts';
import { rolesWithPassword } from './definition';
import { Listing } from './listing';
import { Shared } from './shared';

/** What this thread tells by itself. */
export type News = { [K in keyof ReaderNews]: (news: Parameters<ReaderNews[K]>[0]) => void };

/** A page shows something by then, even if a long script is still being read. */
const patienceMs = 300;

/** A growing listing is told at most this often. */
const growthMs = 250;

/** Work that ends within it tells no progress. */
const blinkMs = 200;

/** Progress is told at most this often. */
const progressMs = 100;

/** The one dump of this thread, while and after it is opened. */
export class OpenedDump {
  readonly path: string;
  readonly news: News;
  readonly #limits: Partial<Limits>;
  readonly #listing = new Listing();
  readonly #byId = new Map<number, Entry>();
  #entries: Entry[] = [];
  #passwords = 0;
  #counts: ReadonlyMap<number, number> = new Map();
  /** When growth of the listing is told next; never while `open` has not answered. */
  #nextGrowth = Infinity;
  #opening: Promise<Archive> | undefined;
  #archive: Archive | undefined;
  #graph: DependencyGraph | undefined;
  readonly #largeObjects = new Shared((signal) => this.#listLargeObjects(signal));

  constructor(path: string, limits: Partial<Limits>, news: News) {
    this.path = path;
    this.news = news;
    this.#limits = limits;
  }

  /** Entries known so far, in the dump's order. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get listing(): Listing {
    return this.#listing;
  }

  /** The archive once its contents are known. */
  archive(): Promise<Archive> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /** Opens; what is not known after a moment is told later. */
  async open(): Promise<Opened> {
    const archive = this.archive();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const moment = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), patienceMs);
    });
    try {
      const opened = await Promise.race([archive, moment]);
      if (!opened) {
        this.#nextGrowth = performance.now() + growthMs;
        archive.then(
          () => this.#tellAll(),
          (error: unknown) => this.news.failed(toFacts(error)),
        );
      }
      return this.#opened();
    } finally {
      clearTimeout(timer);
    }
  }

  /** An entry known so far. */
  entry(id: number): Entry | undefined {
    return this.#byId.get(id);
  }

  /** Exact rows where they were counted, else -1. */
  readonly rowsOf = ({ id, hasData, kind }: Entry): number => {
    if (!hasData || kind !== 'TABLE DATA' || !this.#archive) return -1;
    const { rows, complete } = this.#archive.known(id);
    return complete ? rows : (this.#counts.get(id) ?? -1);
  };

  /** Takes over rows that were counted by now, here or elsewhere, and tells them. */
  async takeCounts(): Promise<void> {
    await this.archive();
    this.#counts = await keptCounts(this.path, this.#entries);
    if (this.#counts.size) this.news.sizes([...this.#counts].map(([id, rows]) => ({ id, rows })));
  }

  /** What entries need; once all of them are known. */
  async graph(): Promise<DependencyGraph> {
    const { contents } = await this.archive();
    this.#graph ??= dependencyGraph(contents.entries);
    return this.#graph;
  }

  /** Every large object, listed once; reading ends when nobody waits for it any more. */
  largeObjects(signal?: AbortSignal): Promise<LargeObject[]> {
    return this.#largeObjects.get(signal);
  }

  /** Does one task; tells its progress, not too often, and its end when it took longer than a blink. */
  async during<T>(task: string, work: (onProgress: (fraction: number) => void) => Promise<T>): Promise<T> {
    let next = performance.now() + blinkMs;
    let told = false;
    const onProgress = (fraction: number): void => {
      const now = performance.now();
      if (now < next) return;
      next = now + progressMs;
      told = true;
      this.news.progress({ task, fraction });
    };
    try {
      return await work(onProgress);
    } finally {
      if (told) this.news.progress({ task, fraction: null });
    }
  }

  async #open(): Promise<Archive> {
    const archive = await this.during('open', (onProgress) =>
      open(this.path, {
        limits: this.#limits,
        onProgress,
        onEntries: (entries) => this.#add(entries),
      }),
    );
    const { entries } = archive.contents;
    this.#counts = await keptCounts(this.path, entries);
    // Those told on the way may be fewer, or others for want of what came later.
    if (entries.length !== this.#entries.length) this.#add(entries.slice(this.#entries.length));
    this.#entries = entries;
    this.#passwords = rolesWithPassword(entries);
    this.#archive = archive;
    return archive;
  }

  async #listLargeObjects(signal: AbortSignal): Promise<LargeObject[]> {
    const archive = await this.archive();
    const objects: LargeObject[] = [];
    await this.during('largeObjects', async (onProgress) => {
      for await (const object of archive.largeObjects({ signal, onProgress })) objects.push(object);
    });
    return objects;
  }

  /** What was told while the dump was still read knew no sizes yet. */
  #tellAll(): void {
    this.#nextGrowth = Infinity;
    this.news.opened(this.#opened());
    const sized = this.#entries.filter(({ hasData }) => hasData);
    this.news.sizes(sized.map(({ id, bytes }) => ({ id, ...(bytes === null ? {} : { bytes }) })));
  }

  #add(entries: readonly Entry[]): void {
    this.#listing.add(entries);
    for (const entry of entries) {
      this.#entries.push(entry);
      // Ids should be unique; of two the first is taken.
      if (!this.#byId.has(entry.id)) this.#byId.set(entry.id, entry);
    }
    if (performance.now() < this.#nextGrowth) return;
    this.#nextGrowth = performance.now() + growthMs;
    this.news.opened(this.#opened());
  }

  #opened(): Opened {
    const archive = this.#archive;
    const passwords = this.#passwords;
    if (!archive)
      return { facts: null, entries: this.#entries.length, complete: false, unlocated: false, passwords };
    const { entries, ...facts } = archive.contents;
    return { facts, entries: entries.length, complete: true, unlocated: archive.unlocated, passwords };
  }
}
