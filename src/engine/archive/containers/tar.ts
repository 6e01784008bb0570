import * as l10n from '@vscode/l10n';
import { checkAborted } from '../abort';
import { damage, DamageError } from '../errors';
import { SliceSource } from '../io/slice-source';
import type { ByteSource } from '../io/source';
import { SourceReader } from '../io/source-reader';
import type { ReadOptions } from '../types';
import { cutShort, findTarHeader, nextTarMember, passTarMember, type TarMember } from './tar-walk';
import type { Container, Member } from './types';

/** Bytes read for a header: small members behind it come along. */
const WINDOW = 16 * 1024;
/** Headers read in one go. */
const BATCH = 64;

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
      for (let i = 0; i < (this.listable ? BATCH : 1) && !this.#complete; i++) {
        const member = await nextTarMember(reader);
        if (member) await this.#add(member, reader);
        else this.#complete = true;
        this.#next = reader.offset;
      }
    } catch (error) {
      if (!(error instanceof DamageError)) throw error;
      this.#failure ??= error;
      // The members behind a damaged header are there all the same.
      if (await findTarHeader(reader, this.#next, signal)) this.#next = reader.offset;
      else this.#complete = true;
    } finally {
      await reader.close();
    }
    return true;
  }

  async #add(found: TarMember, reader: SourceReader): Promise<void> {
    const { name, size, at, start } = found;
    if (this.#members.length >= this.#most) {
      this.#failure ??= damage(l10n.t('it has more than {0} members', this.#most), at);
      this.#complete = true;
      return;
    }
    const member = { name, size, open: async () => new SliceSource(this.#source, start, size) };
    this.#members.push(member);
    // The first of a name is taken: one that comes again would be a trick.
    if (!this.#byName.has(name)) this.#byName.set(name, member);
    // What is there of it can be read.
    if (!(await passTarMember(reader, found))) this.#failure ??= cutShort(found);
  }
}
