import * as l10n from '@vscode/l10n';
import { checkAborted } from '../abort';
import { damage, DamageError } from '../errors';
import { SliceSource } from '../io/slice-source';
import type { ByteSource } from '../io/source';
import { SourceReader } from '../io/source-reader';
import type { ReadOptions } from '../types';
import { cleanName } from './names';
import { BLOCK, padding, parsePax, parseTarHeader } from './tar-header';
import type { Container, Member } from './types';

/** Bytes read for a header: small members behind it come along. */
const WINDOW = 16 * 1024;
/** Headers read in one go. */
const BATCH = 64;
/** No name is longer, whatever a header claims. */
const LONGEST_NAME = 64 * 1024;

/** A tar file (ustar, GNU and pax names). Headers are walked once and only as far as somebody asks. */
export class TarContainer implements Container {
  readonly kind = 'tar';
  readonly listable: boolean;
  readonly #source: ByteSource;
  readonly #most: number;
  readonly #members: Member[] = [];
  readonly #byName = new Map<string, Member>();
  #next = 0;
  #complete = false;
  #failure: DamageError | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  /** `most`: members that are kept; a file with more is refused. The source is closed with the container. */
  constructor(source: ByteSource, most: number) {
    this.#source = source;
    this.#most = most;
    this.listable = source.seekable;
  }

  async *members({ signal }: ReadOptions = {}): AsyncGenerator<Member> {
    for (let i = 0; ; i++) {
      checkAborted(signal);
      while (i >= this.#members.length) if (!(await this.#walkOn(signal))) return;
      yield this.#members[i]!;
    }
  }

  async find(name: string, { signal }: ReadOptions = {}): Promise<Member | null> {
    for (;;) {
      const member = this.#byName.get(name);
      if (member) return member;
      try {
        if (!(await this.#walkOn(signal))) return null;
      } catch (error) {
        if (error instanceof DamageError) return null;
        throw error;
      }
    }
  }

  async close(): Promise<void> {
    await this.#source.close();
  }

  /** Reads the next header, one caller after the other; false at the end. */
  async #walkOn(signal: AbortSignal | undefined): Promise<boolean> {
    const turn = this.#turn.then(() => this.#step(signal));
    this.#turn = turn.catch(() => {});
    return await turn;
  }

  async #step(signal: AbortSignal | undefined): Promise<boolean> {
    if (this.#complete) {
      if (this.#failure) throw this.#failure;
      return false;
    }
    const reader = new SourceReader(this.#source, { from: this.#next, signal, window: WINDOW });
    try {
      // Where reading costs decoding, no further than was asked for.
      for (let i = 0; i < (this.listable ? BATCH : 1); i++) {
        const member = await this.#nextMember(reader);
        if (!member) {
          this.#complete = true;
          return i > 0;
        }
        this.#next = reader.offset;
        this.#members.push(member);
        // The first of a name is taken: one that comes again would be a trick.
        if (!this.#byName.has(member.name)) this.#byName.set(member.name, member);
      }
      return true;
    } catch (error) {
      if (!(error instanceof DamageError)) throw error;
      this.#failure ??= error;
      // The members behind a damaged header are there all the same.
      if (await this.#findHeader(reader, signal)) this.#next = reader.offset;
      else this.#complete = true;
      return true;
    } finally {
      await reader.close();
    }
  }

  /** Moves on to the next header whose checksum is right; headers stand at multiples of their size. */
  async #findHeader(reader: SourceReader, signal: AbortSignal | undefined): Promise<boolean> {
    await reader.skip(Math.min(padding(reader.offset), reader.remaining));
    while (await reader.fill(BLOCK)) {
      if (reader.offset % (BLOCK * 2048) === 0) checkAborted(signal);
      if (reader.offset > this.#next && parseTarHeader(reader.peek(BLOCK))) return true;
      reader.take(BLOCK);
    }
    return false;
  }

  /** The next regular file; null at the end. */
  async #nextMember(reader: SourceReader): Promise<Member | null> {
    let said: { path?: string; size?: number } = {};
    for (;;) {
      if (!(await reader.fill(BLOCK))) {
        if (reader.available === 0) return null;
        throw damage(l10n.t('the file ends inside {0}', l10n.t('a tar header')), reader.offset);
      }
      const at = reader.offset;
      const block = reader.take(BLOCK);
      if (block.every((byte) => byte === 0)) return null;
      const header = parseTarHeader(block);
      if (!header) throw damage(l10n.t('the header of a tar member is damaged'), at);
      const { type } = header;
      const more = type === 'L' || type === 'x';
      const size = (more ? undefined : said.size) ?? header.size;
      const start = reader.offset;
      if (more) {
        if (size > LONGEST_NAME || !(await reader.fill(size)))
          throw damage(l10n.t('the header of a tar member is damaged'), at);
        const body = reader.take(size);
        const path = type === 'L' ? { path: body.toString('utf8').replace(/\0.*$/s, '') } : parsePax(body);
        said = { ...said, ...path };
      } else if (size > reader.remaining || !(await reader.skip(size))) {
        // What is there of it can be read.
        this.#failure ??= damage(l10n.t('"{0}" is cut short', header.name), at);
        await reader.skip(reader.remaining);
      }
      await reader.skip(Math.min(padding(size), reader.remaining));
      if (more || type === 'g') continue;
      const name = cleanName(said.path ?? header.name);
      said = {};
      if (type !== '0' && type !== '\0' && type !== '7') continue;
      if (this.#members.length >= this.#most)
        throw damage(l10n.t('it has more than {0} members', this.#most), at);
      return { name, size, open: async () => new SliceSource(this.#source, start, size) };
    }
  }
}
