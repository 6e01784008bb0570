import * as l10n from '@vscode/l10n';
import type { Readable } from 'node:stream';
import { checkAborted } from '../abort';
import { damage } from '../errors';
import { ByteReader } from '../io/byte-reader';
import type { ReadOptions } from '../types';
import { openUnwrapped } from '../unwrap';
import { cutShort, nextTarMember, passTarMember, type TarMember } from './tar-walk';

/** A member of a tar file that is read once from its beginning to its end. */
export interface TarEntry {
  name: string;
  size: number;
  kind: 'file' | 'folder' | 'link' | 'other';
  /** Permission bits. */
  mode: number;
  /** Of a symbolic link: where it leads, as it stands. */
  link: string;
  /** Its bytes, to be read before the next member is asked for; what is left is passed over. Throws `DamageError`. */
  content(): AsyncGenerator<Buffer>;
}

export interface TarStreamOptions extends ReadOptions {
  /** Hears the bytes of the file as stored that were read so far. */
  onBytes?: (read: number) => void;
}

/**
 * All members of a tar file, compressed or not, in one pass and with bounded memory. Throws `DamageError` for a damaged
 * header, a cut, an end without its end blocks, and what the decoder refuses.
 */
export async function* readTar(path: string, options: TarStreamOptions = {}): AsyncGenerator<TarEntry> {
  const { stream, bytesRead } = await openUnwrapped(path);
  const reader = new StreamReader(stream);
  try {
    for (;;) {
      checkAborted(options.signal);
      options.onBytes?.(bytesRead());
      const member = await nextTarMember(reader, true);
      if (member === undefined)
        throw damage(l10n.t('the file ends inside {0}', l10n.t('a tar header')), reader.offset);
      if (member === null) break;
      yield entryOf(member, reader, () => {
        checkAborted(options.signal);
        options.onBytes?.(bytesRead());
      });
      if (!(await passTarMember(reader, member))) throw cutShort(member);
    }
    // To the end: a checksum of the compression stands there.
    await reader.skip(Number.MAX_SAFE_INTEGER);
    options.onBytes?.(bytesRead());
  } finally {
    await reader.close();
  }
}

const kinds: Partial<Record<string, TarEntry['kind']>> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file',
  '5': 'folder',
  '2': 'link',
};

function entryOf(member: TarMember, reader: StreamReader, onPart: () => void): TarEntry {
  const { name, size, type, mode, link, start } = member;
  return {
    name,
    size,
    kind: kinds[type] ?? 'other',
    mode,
    link,
    async *content() {
      for (let left = start + size - reader.offset; left > 0;) {
        if (!(await reader.fill(1))) throw cutShort(member);
        const part = reader.take(Math.min(left, reader.available));
        left -= part.length;
        onPart();
        yield part;
      }
    },
  };
}

/** Reads a stream forward; what the decoder or the disk says is thrown as damage with the place. */
class StreamReader extends ByteReader {
  readonly size = null;
  readonly #stream: Readable;
  readonly #parts: AsyncIterator<Buffer>;

  constructor(stream: Readable) {
    super();
    this.#stream = stream;
    this.#parts = stream[Symbol.asyncIterator]();
  }

  protected override async pull(): Promise<Buffer | null> {
    try {
      const { done, value } = await this.#parts.next();
      return done ? null : value;
    } catch (error) {
      throw damage((error as Error).message, this.offset);
    }
  }

  protected override jump(): boolean {
    return false;
  }

  override async close(): Promise<void> {
    this.#stream.destroy();
  }
}
