const MAGIC = 0xfd2fb528;
/** Of a frame's window: what `zstd --long` and pg_dump's `long` make, and Node's own limit. */
const MOST_WINDOW = 128 * 1024 * 1024;

/**
 * Follows the structure of zstd frames without decoding them: knows where each frame ends, so that
 * several in a row are all decoded and a cut is noticed (Node 22 reports neither).
 * Source: RFC 8878, https://www.rfc-editor.org/rfc/rfc8878
 */
export class ZstdFrames {
  #state: 'magic' | 'descriptor' | 'block' | 'skip' = 'magic';
  /** Bytes of the part being collected, at most 13. */
  #part: number[] = [];
  #skip = 0;
  #afterSkip: 'magic' | 'block' | 'checksum' = 'magic';
  #checksum = false;

  /** Between two frames, where the data may end. */
  get atBorder(): boolean {
    return this.#state === 'magic' && this.#part.length === 0;
  }

  /** Follows `chunk` from `from` up to the end of the frame (`ended`) or of the chunk; returns where it stopped. */
  follow(chunk: Buffer, from: number): { end: number; ended: boolean } {
    let at = from;
    while (at < chunk.length) {
      if (this.#state === 'skip') {
        const used = Math.min(this.#skip, chunk.length - at);
        at += used;
        this.#skip -= used;
      } else {
        this.#part.push(chunk[at++]!);
        this.#collect();
      }
      if (this.#state === 'skip' && this.#skip === 0 && this.#arrive()) return { end: at, ended: true };
    }
    return { end: at, ended: false };
  }

  #collect(): void {
    const part = this.#part;
    if (this.#state === 'magic') {
      if (part.length < 4) return;
      const magic = number(part, 4);
      // A skippable frame: its size follows.
      if ((magic & 0xfffffff0) >>> 0 === 0x184d2a50) {
        if (part.length === 8) this.#go(number(part.slice(4), 4), 'magic');
        return;
      }
      if (magic !== MAGIC) throw new Error('Not a zstd frame');
      this.#become('descriptor');
    } else if (this.#state === 'descriptor') {
      const descriptor = part[0]!;
      const single = (descriptor & 32) !== 0;
      this.#checksum = (descriptor & 4) !== 0;
      const dictionary = [0, 1, 2, 4][descriptor & 3]!;
      const contentSize = [single ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
      if (single) {
        // Then the window is as large as the content.
        if (part.length < 1 + dictionary + contentSize) return;
        const size = number(part.slice(1 + dictionary), contentSize) + (contentSize === 2 ? 256 : 0);
        if (size > MOST_WINDOW) throw new Error('zstd frame needs too much memory');
        this.#become('block');
      } else {
        if (part.length < 2) return;
        const base = 2 ** (10 + (part[1]! >> 3));
        const window = base + (base / 8) * (part[1]! & 7);
        if (window > MOST_WINDOW) throw new Error('zstd frame needs too much memory');
        this.#go(dictionary + contentSize, 'block');
      }
    } else if (part.length === 3) {
      const header = number(part, 3);
      const type = (header >> 1) & 3;
      if (type === 3) throw new Error('zstd block has a reserved type');
      this.#go(type === 1 ? 1 : header >> 3, header & 1 ? 'checksum' : 'block');
    }
  }

  #go(skip: number, then: 'magic' | 'block' | 'checksum'): void {
    this.#become('skip');
    this.#skip = skip;
    this.#afterSkip = then;
  }

  /** What was to be skipped is; true when that was the end of a frame. */
  #arrive(): boolean {
    if (this.#afterSkip === 'block') {
      this.#become('block');
      return false;
    }
    if (this.#afterSkip === 'checksum' && this.#checksum) {
      this.#go(4, 'magic');
      return false;
    }
    this.#become('magic');
    return true;
  }

  #become(state: 'magic' | 'descriptor' | 'block' | 'skip'): void {
    this.#state = state;
    this.#part = [];
  }
}

/** Whether bytes are one whole frame, as far as its structure tells: what Node decodes without a stream. */
export function isOneFrame(bytes: Buffer): boolean {
  try {
    const { end, ended } = new ZstdFrames().follow(bytes, 0);
    return ended && end === bytes.length && bytes.readUInt32LE(0) === MAGIC;
  } catch {
    return false;
  }
}

function number(bytes: number[], count: number): number {
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * 256 + bytes[i]!;
  return value;
}
