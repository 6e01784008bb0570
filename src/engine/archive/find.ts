import { stat } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { toFacts } from '../errors';
import { checkAborted } from './abort';
import { FolderContainer, parseTarHeader, SubFolder, TarContainer, ZipContainer } from './containers';
import type { Container } from './containers';
import { notADump } from './errors';
import { formats } from './formats';
import type { Found, Probe } from './formats/types';
import { choose } from './inside';
import { DecodedSource } from './io/decoded-source';
import { FileSource } from './io/file-source';
import { readHead, type ByteSource } from './io/source';
import { SpoolBudget } from './io/spool';
import type { Identity, Limits, ReadOptions, WrapperName } from './types';
import { wrapperOf, wrappers } from './wrappers';

/** About what a name in a container takes in memory. */
const MEMBER = 300;
/** Containers in containers that are looked into. */
const MOST_LAYERS = 3;
/** Enough for any archive's header. */
const HEADER = 8 * 1024;
/** Enough for the first statements of a script. */
const HEAD = 64 * 1024;

export interface FindOptions extends ReadOptions {
  /** Decoded bytes of compressed tar files that may be looked through; all when absent. */
  most?: number;
}

/** Opens what a path holds. Throws `archive.notADump` for what cannot be read at all. */
export async function findDump(path: string, limits: Limits, options: FindOptions): Promise<Found> {
  const found = await look(path, limits, options);
  const { kind, reason } = found.identity;
  if (kind !== 'unknown' && kind !== 'broken') return found;
  await found.close();
  throw notADump(path, reason ?? kind);
}

/** What a path is, with what was opened on the way. Throws only what the file system throws. */
export async function look(path: string, limits: Limits, options: FindOptions): Promise<Found> {
  checkAborted(options.signal);
  const search = new Search(path, limits, options);
  try {
    return await search.run();
  } catch (error) {
    await search.close();
    throw error;
  }
}

class Search {
  readonly #path: string;
  readonly #limits: Limits;
  readonly #options: FindOptions;
  readonly #budget: SpoolBudget;
  readonly #inside: string[] = [];
  /** What was opened, the innermost last. */
  readonly #opened: { close(): Promise<void> }[] = [];
  #wrapper: WrapperName | null = null;

  constructor(path: string, limits: Limits, options: FindOptions) {
    this.#path = path;
    this.#limits = limits;
    this.#options = options;
    this.#budget = new SpoolBudget(limits.disk);
  }

  async close(): Promise<void> {
    for (const opened of this.#opened.toReversed()) await opened.close();
  }

  async run(): Promise<Found> {
    const facts = await stat(this.#path);
    if (facts.isDirectory()) return await this.#folder(await FolderContainer.open(this.#path));
    if (!facts.isFile()) return this.#nothing(l10n.t('It is no regular file.'));
    let source: ByteSource = this.#keep(await FileSource.open(this.#path));
    for (let layer = 0; ; layer++) {
      const head = await this.#head(source, layer === 0);
      if ('found' in head) return head.found;
      source = head.source;
      const probe: Probe = { container: null, head: head.bytes, wrapper: this.#wrapper };
      const identity = await identifyProbe(probe);
      if (identity.kind !== 'unknown') return this.#found(identity, source, null);
      const container = layer < MOST_LAYERS ? await this.#container(source, probe) : null;
      if (!container) return this.#found(identity, source, null);
      if ('found' in container) return container.found;
      const chosen = await choose(container.opened, this.#options);
      if ('reason' in chosen) return this.#nothing(chosen.reason);
      this.#inside.push(chosen.name);
      if (!chosen.member) return await this.#folder(new SubFolder(container.opened, chosen.name));
      source = this.#keep(await chosen.member.open());
    }
  }

  /** The first bytes of a source without a wrapper. Only the outermost wrapper is the dump's own. */
  async #head(
    source: ByteSource,
    outermost: boolean,
  ): Promise<{ source: ByteSource; bytes: Buffer } | { found: Found }> {
    const { signal } = this.#options;
    const start = await readHead(source, HEADER, signal);
    const name = wrapperOf(start);
    if (!name) {
      // Most files are told by their first bytes; of text more is needed to tell SQL from prose.
      const text = start.length === HEADER && !start.includes(0);
      return { source, bytes: text ? await readHead(source, HEAD, signal) : start };
    }
    if (outermost) this.#wrapper = name;
    const { unwrap: decoder, resume } = wrappers.find((wrapper) => wrapper.name === name)!;
    const decoded = new DecodedSource(source, { decoder, resume, wrapper: true }, this.#budget);
    this.#opened.push(decoded);
    try {
      return { source: decoded, bytes: await readHead(decoded, HEAD, signal) };
    } catch (error) {
      checkAborted(signal);
      const reason = l10n.t(
        'It begins like a compressed file, but cannot be decompressed: {0}',
        toFacts(error).why,
      );
      return { found: this.#found({ kind: 'broken', format: null, wrapper: name, reason }, null, null) };
    }
  }

  async #container(
    source: ByteSource,
    { head }: Probe,
  ): Promise<{ opened: Container } | { found: Found } | null> {
    if (parseTarHeader(head)) return { opened: this.#keep(this.#tar(source)) };
    if (head.toString('latin1', 0, 4) !== 'PK\x03\x04') return null;
    if (!source.seekable)
      return { found: this.#nothing(l10n.t('It is a compressed ZIP file: decompress it first.')) };
    const most = this.#limits.memory / 4;
    try {
      return {
        opened: this.#keep(await ZipContainer.open(source, this.#budget, most, this.#options.signal)),
      };
    } catch (error) {
      checkAborted(this.#options.signal);
      const reason = l10n.t('It is a ZIP file that cannot be read: {0}', toFacts(error).why);
      return { found: this.#nothing(reason) };
    }
  }

  async #folder(container: Container): Promise<Found> {
    const probe: Probe = { container: this.#keep(container), head: Buffer.alloc(0), wrapper: this.#wrapper };
    return this.#found(await identifyProbe(probe), null, container);
  }

  #tar(source: ByteSource): TarContainer {
    return new TarContainer(source, Math.floor(this.#limits.memory / MEMBER));
  }

  #found(identity: Identity, source: ByteSource | null, container: Container | null): Found {
    const inside = this.#inside.length > 0 ? { inside: this.#inside } : {};
    return {
      path: this.#path,
      identity: { ...identity, ...inside },
      source,
      container: source && identity.format === 'tar' ? this.#tar(source) : container,
      limits: this.#limits,
      budget: this.#budget,
      close: () => this.close(),
    };
  }

  #nothing(reason: string): Found {
    return this.#found({ kind: 'unknown', format: null, wrapper: this.#wrapper, reason }, null, null);
  }

  #keep<T extends { close(): Promise<void> }>(opened: T): T {
    this.#opened.push(opened);
    return opened;
  }
}

export async function identifyProbe(probe: Probe): Promise<Identity> {
  for (const format of formats) {
    const found = await format.identify(probe);
    if (found) return found;
  }
  return { kind: 'unknown', format: null, wrapper: probe.wrapper, reason: reasonFor(probe) };
}

/** What else it is, for the commonest mistakes. */
function reasonFor({ head, container }: Probe): string {
  if (container) return l10n.t('The folder holds no toc.dat, so it is no directory dump.');
  if (head.length === 0) return l10n.t('The file is empty.');
  const start = head.toString('latin1', 0, 4);
  if (start === '7z\xbc\xaf') return l10n.t('It is a 7-Zip file: unpack it first.');
  if (start.startsWith('BZh')) return l10n.t('It is compressed with bzip2: decompress it first.');
  if (start === '\xfd7zX') return l10n.t('It is compressed with xz: decompress it first.');
  return l10n.t('Its bytes are no PostgreSQL dump.');
}
