import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { readTar } from '../archive/decoding';
import { isCancelled, toFacts } from '../errors';
import { parseControlFile, controlBytes } from './control';
import { createDigest } from './digest';
import { FileIndex } from './fileIndex';
import { identifyBaseBackup, tarsOf } from './identify';
import { readBackupManifest, type ManifestFacts } from './manifest';
import { head } from './read';
import type { BaseFault } from './types';
import { readPieces, walkData, type WalkedFile } from './walk';
import { checkWal, isSegmentName, segmentHeadBytes, type FoundSegment } from './wal';

export interface CheckOptions {
  signal?: AbortSignal;
  /** 0 … 1. */
  onProgress?: (fraction: number) => void;
  /** The WAL that the backup needs has to be in it, too. */
  wal?: boolean;
  /** Only what is there and how large it is: no file is read but the manifest. */
  sizesOnly?: boolean;
}

export interface Checked {
  faults: BaseFault[];
  /** Faults beyond those kept. */
  moreFaults: number;
  manifest: ManifestFacts | null;
  /** Files and bytes that were compared with the manifest. */
  files: number;
  bytes: number;
  /** Names of the WAL segments that a recovery needs at least; empty without `wal`. */
  neededWal: string[];
}

/** What is not looked at: the server or a person may have changed it since (pg_verifybackup ignores the same). */
const ignored = /^(?:backup_manifest|pg_wal|postgresql\.auto\.conf|recovery\.signal|standby\.signal)(?:\/|$)/;

const keptFaults = 1000;
const readers = 4;
const pieceBytes = 256 * 1024;

/**
 * Compares every file of a base backup with its `backup_manifest`, plain or in (compressed) tar files, in one pass and
 * with bounded memory: what pg_verifybackup does, also for tar files before 18. Damage is in the result, not thrown.
 */
export async function checkBaseBackup(folder: string, options: CheckOptions = {}): Promise<Checked> {
  return await new Check(folder, options).run();
}

class Check {
  readonly #folder: string;
  readonly #options: CheckOptions;
  readonly #index = new FileIndex();
  readonly #segments = new Map<string, FoundSegment>();
  readonly #result: Checked = {
    faults: [],
    moreFaults: 0,
    manifest: null,
    files: 0,
    bytes: 0,
    neededWal: [],
  };
  #total = 1;

  constructor(folder: string, options: CheckOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  async run(): Promise<Checked> {
    const manifest = await this.#readManifest();
    if (!manifest) return this.#result;
    const layout = (await identifyBaseBackup(this.#folder))?.layout;
    if (layout === 'tar') await this.#tars();
    else await this.#data();
    await this.#missing();
    if (this.#options.wal) {
      const { needed, faults } = checkWal(manifest.walRanges, this.#segments, manifest.systemIdentifier);
      this.#result.neededWal = needed;
      for (const { entry, what } of faults) this.#fault(entry, what);
    }
    this.#options.onProgress?.(1);
    return this.#result;
  }

  #fault(entry: string | null, what: string, offset: number | null = null): void {
    if (this.#result.faults.length < keptFaults) this.#result.faults.push({ entry, what, offset });
    else this.#result.moreFaults++;
  }

  async #readManifest(): Promise<ManifestFacts | null> {
    const result = this.#result;
    const { signal } = this.#options;
    try {
      const facts = await readBackupManifest(
        createReadStream(join(this.#folder, 'backup_manifest')),
        (file) => {
          if (!this.#index.add(file)) this.#fault(file.path, l10n.t('the manifest lists it twice'));
        },
        { signal },
      );
      if (!facts.checksumOk)
        this.#fault('backup_manifest', l10n.t('its own checksum is wrong: it was changed'));
      this.#total = facts.bytes || 1;
      return (result.manifest = facts);
    } catch (error) {
      if (isCancelled(error)) throw error;
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      this.#fault('backup_manifest', missing ? l10n.t('it is missing') : toFacts(error).why);
      return null;
    }
  }

  async #data(): Promise<void> {
    const files = walkData(this.#folder);
    const work = async (): Promise<void> => {
      const buffer = Buffer.allocUnsafe(pieceBytes);
      for (;;) {
        const { done, value } = await files.next();
        if (done) return;
        await this.#dataFile(value, buffer);
      }
    };
    await Promise.all(Array.from({ length: this.#options.sizesOnly ? 1 : readers }, work));
  }

  async #dataFile({ path, full, kind }: WalkedFile, buffer: Buffer): Promise<void> {
    const { signal, wal, sizesOnly } = this.#options;
    const segment = basename(path);
    if (wal && path === `pg_wal/${segment}` && isSegmentName(segment)) {
      const { size } = await stat(full);
      this.#segments.set(segment, { name: segment, bytes: size, head: await head(full, segmentHeadBytes) });
      return;
    }
    if (ignored.test(path)) return;
    if (kind === 'other') {
      this.#fault(path, l10n.t('it is neither a file nor a folder'));
      return;
    }
    try {
      const { size } = await stat(full);
      if (path === 'global/pg_control') this.#control(await head(full, controlBytes));
      await this.#compare(path, size, sizesOnly ? null : readPieces(full, buffer, signal));
    } catch (error) {
      if (isCancelled(error)) throw error;
      this.#fault(path, l10n.t('it cannot be read: {0}', (error as Error).message));
    }
  }

  async #tars(): Promise<void> {
    const tars = tarsOf(await readdir(this.#folder));
    const sizes = await Promise.all(
      tars.map(async ({ name }) => (await stat(join(this.#folder, name))).size),
    );
    const all = sizes.reduce((sum, size) => sum + size, 0) || 1;
    let before = 0;
    for (const [i, { name, holds }] of tars.entries()) {
      if (holds === 'wal' && !this.#options.wal) continue;
      const prefix = holds === 'base' ? '' : holds === 'wal' ? 'pg_wal/' : `pg_tblspc/${holds}/`;
      const onBytes = (read: number): void => this.#options.onProgress?.(Math.min(1, (before + read) / all));
      try {
        for await (const entry of readTar(join(this.#folder, name), {
          signal: this.#options.signal,
          onBytes,
        })) {
          if (entry.kind === 'file') await this.#member(prefix + entry.name, entry.size, entry.content());
          else if (entry.kind === 'other')
            this.#fault(prefix + entry.name, l10n.t('it is neither a file nor a folder'));
        }
      } catch (error) {
        if (isCancelled(error)) throw error;
        this.#fault(name, toFacts(error).why);
      }
      before += sizes[i]!;
    }
  }

  async #member(path: string, size: number, content: AsyncGenerator<Buffer>): Promise<void> {
    const segment = basename(path);
    if (path === `pg_wal/${segment}` && isSegmentName(segment)) {
      if (this.#options.wal)
        this.#segments.set(segment, {
          name: segment,
          bytes: size,
          head: await first(content, segmentHeadBytes),
        });
      return;
    }
    if (ignored.test(path)) return;
    if (this.#options.sizesOnly) return await this.#compare(path, size, null);
    if (path !== 'global/pg_control') return await this.#compare(path, size, content);
    const parts: Buffer[] = [];
    await this.#compare(path, size, tapped(content, parts));
    this.#control(Buffer.concat(parts));
  }

  /** The same verdicts as pg_verifybackup's. A file of the wrong size is not read. */
  async #compare(path: string, size: number, parts: AsyncIterable<Buffer> | null): Promise<void> {
    const { onProgress } = this.#options;
    const listed = this.#index.find(path);
    if (!listed) return this.#fault(path, l10n.t('it is there, but not in the manifest'));
    if (!this.#index.see(listed.at)) return this.#fault(path, l10n.t('it is there twice'));
    this.#result.files++;
    if (size !== listed.bytes)
      return this.#fault(path, l10n.t('it has {0} bytes instead of {1}', size, listed.bytes));
    if (!parts) return void (this.#result.bytes += size);
    const digest = createDigest(listed.algorithm);
    for await (const part of parts) {
      digest.update(part);
      this.#result.bytes += part.length;
      onProgress?.(Math.min(1, this.#result.bytes / this.#total));
    }
    if (!digest.digest().equals(listed.checksum))
      this.#fault(path, l10n.t('its checksum is not the one of the manifest'));
  }

  #control(bytes: Buffer): void {
    const own = this.#result.manifest?.systemIdentifier;
    try {
      const { systemIdentifier } = parseControlFile(bytes);
      if (own && systemIdentifier !== own)
        this.#fault(
          'global/pg_control',
          l10n.t('it is of another cluster: system identifier {0} instead of {1}', systemIdentifier, own),
        );
    } catch (error) {
      this.#fault('global/pg_control', toFacts(error).why);
    }
  }

  /** Their names are read once more from the manifest: they were not kept. */
  async #missing(): Promise<void> {
    const { count } = this.#index;
    let unseen = 0;
    for (let at = 0; at < count; at++) if (!this.#index.wasSeen(at)) unseen++;
    if (unseen === 0) return;
    await readBackupManifest(
      createReadStream(join(this.#folder, 'backup_manifest')),
      ({ path }) => {
        const listed = this.#index.find(path);
        if (listed && !this.#index.wasSeen(listed.at) && !ignored.test(path))
          this.#fault(path, l10n.t('it is missing'));
      },
      { signal: this.#options.signal },
    );
  }
}

async function first(parts: AsyncIterable<Buffer>, length: number): Promise<Buffer> {
  const kept: Buffer[] = [];
  let size = 0;
  for await (const part of parts) {
    kept.push(Buffer.from(part.subarray(0, length - size)));
    size += kept.at(-1)!.length;
    if (size >= length) break;
  }
  return Buffer.concat(kept);
}

async function* tapped(parts: AsyncIterable<Buffer>, kept: Buffer[]): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const part of parts) {
    if (size < controlBytes) kept.push(Buffer.from(part.subarray(0, controlBytes - size)));
    size += part.length;
    yield part;
  }
}
