import { createInflateRaw } from 'node:zlib';
import * as l10n from '@vscode/l10n';
import { checkAborted } from '../abort';
import { damage } from '../errors';
import { DecodedSource } from '../io/decoded-source';
import { SliceSource } from '../io/slice-source';
import type { ByteSource } from '../io/source';
import type { SpoolBudget } from '../io/spool';
import type { ReadOptions } from '../types';
import { cleanName } from './names';
import type { Container, Member } from './types';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const END_SIZE = 22;
const LOCATOR_SIZE = 20;
const CENTRAL_SIZE = 46;
const LOCAL_SIZE = 30;
/** The end record stands before a comment of at most this size. */
const LONGEST_COMMENT = 0xffff;
const NEED_64 = 0xffffffff;
/** What a member counts at least against the bound of the central directory: it takes about four times that. */
const MEMBER = 100;

/** One member as the central directory tells of it. */
interface Listed {
  name: string;
  method: number;
  packed: number;
  size: number;
  at: number;
}

/**
 * A zip file, stored or deflated, with zip64 and data descriptors: the central directory at its end tells
 * everything. Encrypted members and other methods are left out.
 * Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (4.3 to 4.5)
 */
export class ZipContainer implements Container {
  readonly kind = 'zip';
  readonly listable = true;
  readonly #source: ByteSource;
  readonly #budget: SpoolBudget;
  readonly #members: Member[];
  readonly #byName: Map<string, Member>;

  private constructor(source: ByteSource, budget: SpoolBudget, listed: Listed[]) {
    this.#source = source;
    this.#budget = budget;
    this.#members = listed.map((entry) => ({
      name: entry.name,
      size: entry.size,
      open: () => this.#open(entry),
    }));
    this.#byName = new Map(this.#members.toReversed().map((member) => [member.name, member]));
  }

  /** `most`: bytes the central directory may take. The source is closed with the container. */
  static async open(
    source: ByteSource,
    budget: SpoolBudget,
    most: number,
    signal?: AbortSignal,
  ): Promise<ZipContainer> {
    const { at, size } = await findDirectory(source, signal);
    if (size > most) throw damage(l10n.t('its list of contents takes {0} bytes, too much to read', size), at);
    return new ZipContainer(source, budget, parseDirectory(await source.read(at, size, signal), at, most));
  }

  async *members({ signal }: ReadOptions = {}): AsyncGenerator<Member> {
    for (const member of this.#members) {
      checkAborted(signal);
      yield member;
    }
  }

  async find(name: string): Promise<Member | null> {
    return this.#byName.get(name) ?? null;
  }

  async close(): Promise<void> {
    await this.#source.close();
  }

  async #open({ name, method, packed, at }: Listed): Promise<ByteSource> {
    const head = await this.#source.read(at, LOCAL_SIZE);
    if (head.length < LOCAL_SIZE || head.readUInt32LE(0) !== LOCAL)
      throw damage(l10n.t('the head of "{0}" is damaged', name), at);
    const start = at + LOCAL_SIZE + head.readUInt16LE(26) + head.readUInt16LE(28);
    if (start + packed > this.#source.size!) throw damage(l10n.t('"{0}" is cut short', name), at);
    const stored = new SliceSource(this.#source, start, packed);
    if (method === 0) return stored;
    return new DecodedSource(stored, { decoder: () => createInflateRaw() }, this.#budget);
  }
}

/** Where the central directory lies. */
async function findDirectory(
  source: ByteSource,
  signal: AbortSignal | undefined,
): Promise<{ at: number; size: number }> {
  const total = source.size ?? 0;
  const from = Math.max(0, total - END_SIZE - LONGEST_COMMENT - LOCATOR_SIZE);
  const tail = await source.read(from, total - from, signal);
  const end = findEnd(tail);
  if (end < 0) throw damage(l10n.t('its list of contents is missing'), total);
  let size = tail.readUInt32LE(end + 12);
  let at = tail.readUInt32LE(end + 16);
  const locator = end - LOCATOR_SIZE;
  if (locator >= 0 && tail.readUInt32LE(locator) === LOCATOR64) {
    const place = big(tail, locator + 8);
    const end64 = await source.read(place, 56, signal);
    if (end64.length < 56 || end64.readUInt32LE(0) !== END64)
      throw damage(l10n.t('its list of contents is damaged'), place);
    size = big(end64, 40);
    at = big(end64, 48);
  }
  if (at + size > total) throw damage(l10n.t('its list of contents is damaged'), from + end);
  return { at, size };
}

/** The end record: the last one whose comment fills the file to its end. */
function findEnd(tail: Buffer): number {
  for (let at = tail.length - END_SIZE; at >= 0; at--)
    if (tail.readUInt32LE(at) === END && at + END_SIZE + tail.readUInt16LE(at + 20) <= tail.length) return at;
  return -1;
}

function parseDirectory(bytes: Buffer, offset: number, most: number): Listed[] {
  const listed: Listed[] = [];
  for (let at = 0; at + CENTRAL_SIZE <= bytes.length;) {
    if (bytes.readUInt32LE(at) !== CENTRAL)
      throw damage(l10n.t('its list of contents is damaged'), offset + at);
    const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field)) as [
      number,
      number,
      number,
    ];
    const behind = at + CENTRAL_SIZE + name;
    const next = behind + extra + comment;
    if (next > bytes.length) throw damage(l10n.t('its list of contents is damaged'), offset + at);
    const entry = {
      name: cleanName(bytes.toString('utf8', at + CENTRAL_SIZE, behind)),
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      at: bytes.readUInt32LE(at + 42),
    };
    widen(entry, bytes.subarray(behind, behind + extra));
    const encrypted = (bytes.readUInt16LE(at + 8) & 1) !== 0;
    const readable = !encrypted && (entry.method === 0 || entry.method === 8);
    if (readable && entry.name && !entry.name.endsWith('/')) listed.push(entry);
    at = next;
    if (listed.length > most / MEMBER)
      throw damage(l10n.t('it has more than {0} members', Math.floor(most / MEMBER)), offset + at);
  }
  return listed;
}

/** Fields that do not fit into 32 bits stand in the zip64 extra field, in this order, those that need it only. */
function widen(entry: Listed, extra: Buffer): void {
  for (let at = 0; at + 4 <= extra.length;) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1 && end <= extra.length) {
      at += 4;
      for (const field of ['size', 'packed', 'at'] as const)
        if (entry[field] === NEED_64 && at + 8 <= end) {
          entry[field] = big(extra, at);
          at += 8;
        }
    }
    at = end;
  }
}

/** An 8-byte number; one that is too large for any file stays too large. */
function big(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}
