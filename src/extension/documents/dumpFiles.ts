import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { RpcError } from '../../shared/rpc';
import { Disposables } from '../dispose';
import type { Dumps, Lease } from '../reader/dumps';
import { dumpScheme, insideUri, parseInside } from './dumpUris';

/** A dump nobody looks into any more is let go. */
const idleMs = 60_000;

/** The editor holds a file whole, several times: longer ones are refused with what to do instead. */
const mostOfFile = 64 * 1024 * 1024;

/**
 * What is inside of dumps as read-only files, so that the editor's own open, compare and copy work on it.
 * Definitions are `.sql`, rows `.csv`. Nothing is unpacked: each file is made when it is read.
 */
export class DumpFiles extends Disposables implements vscode.FileSystemProvider {
  readonly #dumps: Dumps;
  readonly #held = new Map<string, { lease: Lease; timer: ReturnType<typeof setTimeout> }>();
  readonly #changed = this.own(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  readonly onDidChangeFile = this.#changed.event;

  constructor({ dumps }: { dumps: Dumps }) {
    super();
    this.#dumps = dumps;
    this.own(
      vscode.workspace.registerFileSystemProvider(dumpScheme, this, {
        isCaseSensitive: true,
        isReadonly: new vscode.MarkdownString(vscode.l10n.t('What is inside of a dump is only read.')),
      }),
    );
    this.own(
      dumps.onDidRestart((path) =>
        this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri: insideUri(path) }]),
      ),
    );
    this.own({ dispose: () => [...this.#held.keys()].forEach((path) => this.#letGo(path)) });
  }

  /** Nothing to do: whoever opens a changed dump anew tells it. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { dump, inside, path } = this.#place(uri);
    const own = await stat(path).catch(() => undefined);
    if (!own) throw vscode.FileSystemError.FileNotFound(uri);
    const facts = inside.length
      ? await this.#ask(uri, dump.call('statFile', inside))
      : { folder: true, size: 0 };
    if (!facts) throw vscode.FileSystemError.FileNotFound(uri);
    return {
      type: facts.folder ? vscode.FileType.Directory : vscode.FileType.File,
      ctime: own.ctimeMs,
      mtime: own.mtimeMs,
      size: facts.size,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const { dump, inside } = this.#place(uri);
    const found = await this.#ask(uri, dump.call('listFiles', inside));
    if (!found) throw vscode.FileSystemError.FileNotFound(uri);
    return [
      ...found.folders.map((name): [string, vscode.FileType] => [name, vscode.FileType.Directory]),
      ...found.files.map((name): [string, vscode.FileType] => [name, vscode.FileType.File]),
    ];
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { dump, inside } = this.#place(uri);
    const { bytes } = await this.#ask(uri, dump.call('readFile', { path: inside, most: mostOfFile }));
    return bytes;
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  /** The file of an entry's definition or rows; undefined when it has none. */
  async uriOf(path: string, what: 'definition' | 'rows', id: number): Promise<vscode.Uri | undefined> {
    const file = await this.#hold(path).dump.call('fileOf', { what, id });
    return file === null ? undefined : insideUri(path, file);
  }

  #place(uri: vscode.Uri): { dump: Lease['dump']; inside: string[]; path: string } {
    const place = parseInside(uri);
    if (!place) throw vscode.FileSystemError.FileNotFound(uri);
    return { dump: this.#hold(place.dump).dump, inside: place.inside, path: place.dump };
  }

  /** The dump, held until nobody asked for it for a while. */
  #hold(path: string): Lease {
    const held = this.#held.get(path);
    clearTimeout(held?.timer);
    const lease = held?.lease ?? this.#dumps.use(path);
    this.#held.set(path, { lease, timer: setTimeout(() => this.#letGo(path), idleMs) });
    return lease;
  }

  #letGo(path: string): void {
    const held = this.#held.get(path);
    clearTimeout(held?.timer);
    held?.lease.dispose();
    this.#held.delete(path);
  }

  /** The reader's errors in the words of a file system. */
  async #ask<T>(uri: vscode.Uri, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      const { code, what, why, next } = error.facts;
      if (code === 'archive.noEntry') throw vscode.FileSystemError.FileNotFound(uri);
      throw vscode.FileSystemError.Unavailable([what, why, next].filter(Boolean).join(' '));
    }
  }
}
