import { createHash } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { CancelledError } from '../errors';
import { digestBytes, isAlgorithm, type Algorithm } from './digest';
import { unreadable } from './errors';
import { JsonError, JsonTokens, type JsonToken } from './json';
import { parseLsn } from './lsn';
import type { WalRange } from './types';

/** A file as the server listed it. */
export interface ListedFile {
  /** Relative to the data directory, `/` between parts. */
  path: string;
  bytes: number;
  algorithm: Algorithm;
  checksum: Buffer;
}

/** What a `backup_manifest` says beside its files. */
export interface ManifestFacts {
  /** 1, or 2 (17 and later: with the system identifier). */
  version: number;
  systemIdentifier: string | null;
  walRanges: WalRange[];
  files: number;
  /** Of all files. */
  bytes: number;
  /** Its own SHA-256 as it says, and whether it is right. */
  checksum: string;
  checksumOk: boolean;
}

type Value = string | { number: string };
type Fields = Map<string, Value>;

/** The last line cannot be longer: a checksum. */
const longestLine = 1024 * 1024;
const mostRanges = 10_000;

/**
 * Reads a backup manifest (https://www.postgresql.org/docs/current/backup-manifest-format.html) of any size
 * piece by piece and gives its files to `onFile` in their order. A wrong checksum of its own is in the result;
 * throws `pgdata.unreadable` for what is no manifest, with the place.
 */
export async function readBackupManifest(
  parts: AsyncIterable<Buffer>,
  onFile: (file: ListedFile) => void,
  { signal }: { signal?: AbortSignal } = {},
): Promise<ManifestFacts> {
  const json = new JsonTokens();
  const parser = new Parser(onFile);
  const sum = new SumBeforeLastLine();
  try {
    for await (const part of parts) {
      if (signal?.aborted) throw new CancelledError();
      sum.push(part);
      for (const token of json.push(part)) parser.push(token);
    }
    json.end();
    return parser.end(sum.digest());
  } catch (error) {
    if (error instanceof JsonError)
      throw unreadable('backup_manifest', l10n.t('{0} (byte {1})', error.message, error.offset));
    if (error instanceof ShapeError) throw unreadable('backup_manifest', error.message);
    throw error;
  }
}

class ShapeError extends Error {}

type State = 'start' | 'key' | 'colon' | 'value' | 'list' | 'fieldKey' | 'fieldColon' | 'fieldValue' | 'end';

/** The manifest's grammar: one object; two of its values are lists of flat objects. */
class Parser {
  readonly #onFile: (file: ListedFile) => void;
  readonly #top: Fields = new Map();
  readonly #ranges: WalRange[] = [];
  #state: State = 'start';
  #key = '';
  #field = '';
  #fields: Fields = new Map();
  #files = 0;
  #bytes = 0;

  constructor(onFile: (file: ListedFile) => void) {
    this.#onFile = onFile;
  }

  push(token: JsonToken): void {
    switch (this.#state) {
      case 'start':
        return this.#expect(token, '{', 'key');
      case 'key':
        if (token.type === ',') return;
        if (token.type === '}') return void (this.#state = 'end');
        this.#key = textOf(token);
        if (this.#top.has(this.#key)) throw new ShapeError(l10n.t('It has "{0}" twice.', this.#key));
        this.#top.set(this.#key, '');
        return void (this.#state = 'colon');
      case 'colon':
        return this.#expect(token, ':', 'value');
      case 'value':
        if (token.type === '[' && (this.#key === 'Files' || this.#key === 'WAL-Ranges'))
          return void (this.#state = 'list');
        this.#top.set(this.#key, valueOf(token));
        return void (this.#state = 'key');
      case 'list':
        if (token.type === ',') return;
        if (token.type === ']') return void (this.#state = 'key');
        this.#fields = new Map();
        return this.#expect(token, '{', 'fieldKey');
      case 'fieldKey':
        if (token.type === ',') return;
        if (token.type === '}') {
          this.#item();
          return void (this.#state = 'list');
        }
        this.#field = textOf(token);
        return void (this.#state = 'fieldColon');
      case 'fieldColon':
        return this.#expect(token, ':', 'fieldValue');
      case 'fieldValue':
        this.#fields.set(this.#field, valueOf(token));
        return void (this.#state = 'fieldKey');
      default:
        throw new ShapeError(l10n.t('Something follows its end.'));
    }
  }

  end(actual: string): ManifestFacts {
    if (this.#state !== 'end') throw new ShapeError(l10n.t('It ends too early.'));
    const version = numberOf(this.#top, 'PostgreSQL-Backup-Manifest-Version');
    if (version !== 1 && version !== 2)
      throw new ShapeError(l10n.t('Its version {0} is not known.', version));
    const own = this.#top.get('System-Identifier');
    const checksum = this.#top.get('Manifest-Checksum');
    if (typeof checksum !== 'string' || !/^[0-9a-fA-F]{64}$/.test(checksum))
      throw new ShapeError(l10n.t('It has no checksum of its own.'));
    return {
      version,
      systemIdentifier: typeof own === 'object' && /^\d{1,20}$/.test(own.number) ? own.number : null,
      walRanges: this.#ranges,
      files: this.#files,
      bytes: this.#bytes,
      checksum: checksum.toLowerCase(),
      checksumOk: checksum.toLowerCase() === actual,
    };
  }

  #expect(token: JsonToken, type: JsonToken['type'], next: State): void {
    if (token.type !== type) throw new ShapeError(l10n.t('It has not the form of a backup manifest.'));
    this.#state = next;
  }

  #item(): void {
    if (this.#key === 'Files') {
      const file = fileOf(this.#fields);
      this.#files++;
      this.#bytes += file.bytes;
      this.#onFile(file);
      return;
    }
    if (this.#ranges.length >= mostRanges) throw new ShapeError(l10n.t('It has too many WAL ranges.'));
    const text = (name: string): string => {
      const value = this.#fields.get(name);
      if (typeof value !== 'string' || parseLsn(value) === null)
        throw new ShapeError(l10n.t('A WAL range lacks "{0}".', name));
      return value;
    };
    this.#ranges.push({
      timeline: numberOf(this.#fields, 'Timeline'),
      start: text('Start-LSN'),
      end: text('End-LSN'),
    });
  }
}

function fileOf(fields: Fields): ListedFile {
  const plain = fields.get('Path');
  const encoded = fields.get('Encoded-Path');
  const path =
    typeof plain === 'string'
      ? plain
      : typeof encoded === 'string' && /^(?:[0-9a-f]{2})+$/i.test(encoded)
        ? Buffer.from(encoded, 'hex').toString('utf8')
        : '';
  if (path === '' || (plain !== undefined) === (encoded !== undefined))
    throw new ShapeError(l10n.t('A file has no path.'));
  const algorithm = fields.get('Checksum-Algorithm') ?? 'NONE';
  const hex = fields.get('Checksum') ?? '';
  if (typeof algorithm !== 'string' || !isAlgorithm(algorithm.toUpperCase()) || typeof hex !== 'string')
    throw new ShapeError(l10n.t('The checksum of "{0}" is of no known kind.', path));
  const known = algorithm.toUpperCase() as Algorithm;
  const checksum = Buffer.from(hex, 'hex');
  if (checksum.length !== digestBytes[known] || hex.length !== checksum.length * 2)
    throw new ShapeError(l10n.t('The checksum of "{0}" has not the right length.', path));
  return { path, bytes: numberOf(fields, 'Size'), algorithm: known, checksum };
}

function textOf(token: JsonToken): string {
  if (token.type === 'string') return token.text;
  throw new ShapeError(l10n.t('It has not the form of a backup manifest.'));
}

function valueOf(token: JsonToken): Value {
  if (token.type === 'string') return token.text;
  if (token.type === 'number') return { number: token.text };
  throw new ShapeError(l10n.t('It has not the form of a backup manifest.'));
}

function numberOf(fields: Fields, name: string): number {
  const value = fields.get(name);
  const text = typeof value === 'object' ? value.number : '';
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number))
    throw new ShapeError(l10n.t('"{0}" is no number.', name));
  return number;
}

/** SHA-256 of everything before the last line, which holds that checksum (common/parse_manifest.c). */
class SumBeforeLastLine {
  readonly #hash = createHash('sha256');
  #held: Buffer = Buffer.alloc(0);

  push(part: Buffer): void {
    const bytes = Buffer.concat([this.#held, part]);
    const last = bytes.lastIndexOf(10);
    const before = last > 0 ? bytes.lastIndexOf(10, last - 1) : -1;
    if (before >= 0) this.#hash.update(bytes.subarray(0, before + 1));
    this.#held = Buffer.from(bytes.subarray(before + 1));
    if (this.#held.length > longestLine)
      throw new ShapeError(l10n.t('It has not the form of a backup manifest.'));
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}
