import * as l10n from '@vscode/l10n';

/** `number` is the text as it stands: identifiers of 64 bits do not fit into a number. */
export type JsonToken =
  { type: '{' | '}' | '[' | ']' | ':' | ',' } | { type: 'string' | 'number' | 'word'; text: string };

export class JsonError extends Error {
  readonly offset: number;
  constructor(what: string, offset: number) {
    super(what);
    this.offset = offset;
  }
}

/** No path, key or number is longer. */
const longest = 64 * 1024;
const quote = 0x22;
const backslash = 0x5c;
const tokens: Partial<Record<number, JsonToken>> = Object.fromEntries(
  (['{', '}', '[', ']', ':', ','] as const).map((type) => [type.charCodeAt(0), { type }]),
);
const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const isBare = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x61 && byte <= 0x7a) ||
  byte === 0x2b ||
  byte === 0x2d ||
  byte === 0x2e ||
  byte === 0x45;

/** Cuts JSON of any length into tokens, piece by piece; keeps no more than a token. */
export class JsonTokens {
  #rest: Buffer = Buffer.alloc(0);
  #offset = 0;

  /** Tokens that are whole after the next piece. Throws `JsonError`. */
  *push(chunk: Buffer): Generator<JsonToken> {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    while (at < bytes.length) {
      const byte = bytes[at]!;
      if (isBlank(byte)) {
        at++;
        continue;
      }
      const simple = tokens[byte];
      if (simple) {
        at++;
        yield simple;
        continue;
      }
      const end = byte === quote ? stringEnd(bytes, at) : bareEnd(bytes, at);
      if (end < 0) {
        if (bytes.length - at > longest) throw new JsonError(l10n.t('a text is too long'), this.#offset + at);
        break;
      }
      if (end === at) throw new JsonError(l10n.t('it is no JSON'), this.#offset + at);
      yield this.#token(bytes.subarray(at, end), byte === quote, this.#offset + at);
      at = end;
    }
    this.#offset += at;
    // A copy: the piece may be used again by whoever gave it.
    this.#rest = Buffer.from(bytes.subarray(at));
  }

  /** After the last piece. Throws `JsonError` when a token is cut short. */
  end(): void {
    if (this.#rest.length > 0) throw new JsonError(l10n.t('it ends too early'), this.#offset);
  }

  #token(bytes: Buffer, isString: boolean, offset: number): JsonToken {
    if (!isString) {
      const text = bytes.toString('latin1');
      return { type: /^-?\d/.test(text) ? 'number' : 'word', text };
    }
    if (!bytes.includes(backslash))
      return { type: 'string', text: bytes.toString('utf8', 1, bytes.length - 1) };
    try {
      return { type: 'string', text: JSON.parse(bytes.toString('utf8')) as string };
    } catch {
      throw new JsonError(l10n.t('it is no JSON'), offset);
    }
  }
}

/** Behind the closing quote; -1 when it is not there yet. */
function stringEnd(bytes: Buffer, start: number): number {
  for (let at = start + 1; ;) {
    const end = bytes.indexOf(quote, at);
    if (end < 0) return -1;
    let slashes = 0;
    while (bytes[end - 1 - slashes] === backslash) slashes++;
    if (slashes % 2 === 0) return end + 1;
    at = end + 1;
  }
}

/** Behind a number or a word; -1 when more of it may follow. */
function bareEnd(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && isBare(bytes[at]!)) at++;
  return at === bytes.length && at > start ? -1 : at;
}
