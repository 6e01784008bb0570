import { rawByte, type TextCodec } from '../text';

/** Written as DEFAULT. */
export const DEFAULT = Symbol('DEFAULT');
export type Literal = string | null | typeof DEFAULT;

const SIMPLE: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
/** Behind a literal: casts to types, the AS of CAST and its parenthesis. */
const CAST = /^(?:\s*::\s*(?:"[^"]*"|[\w.])(?:"[^"]*"|[\w. ])*(?:\([\d, ]*\))?(?:\[\d*\])*)*\s*$/;
/** A type before its literal: `DATE '2026-01-01'`. */
const TYPE_BEFORE =
  /^(?:cast\s*\(\s*)?(?:[a-z_][\w.]*(?:\s+with(?:out)?\s+time\s+zone|\s+varying|\s+precision)?\s+)?(?=[ebnx]?'|u&'|\$)/i;

/**
 * The value of an SQL expression as COPY would print it: literals with or without casts. Other expressions, which only a
 * server can compute, are given as they are written. `textual`: the column's type keeps `true` as it is.
 */
export function literal(raw: Buffer, codec: TextCodec, escapes: boolean, textual = false): Literal {
  const text = codec.decode(raw).trim();
  const first = text.charCodeAt(0);
  if (first === 39 && !escapes) {
    // Nearly all of a dump's values.
    const inner = text.slice(1, -1);
    if (text.endsWith("'") && text.length > 1) {
      if (!inner.includes("'")) return inner;
      const single = inner.replaceAll("''", '');
      if (!single.includes("'")) return inner.replaceAll("''", "'");
    }
  }
  if ((first >= 48 && first <= 57) || first === 45 || first === 43 || first === 46 || first === 40) {
    const number = /^\(?\s*([+-]?)\s*([\d.][\w.+-]*)\s*\)?/.exec(text);
    if (number && CAST.test(text.slice(number[0].length))) return (number[1] === '-' ? '-' : '') + number[2]!;
    return text;
  }
  const word = /^\w+/.exec(text);
  if (word && CAST.test(text.slice(word[0].length)))
    switch (word[0].toLowerCase()) {
      case 'null':
        return null;
      case 'default':
        return DEFAULT;
      case 'true':
        return textual ? 'true' : 't';
      case 'false':
        return textual ? 'false' : 'f';
    }
  const type = TYPE_BEFORE.exec(text);
  const found = type && stringLiteral(text.slice(type[0].length), codec, escapes);
  if (!found) return text;
  const rest = text.slice(type[0].length + found.length);
  const behind = /^cast/i.test(type[0]) ? rest.replace(/^\s*as\s+(.*)\)$/is, '::$1') : rest;
  return CAST.test(behind) ? found.value : text;
}

/** A string of any kind at the beginning of a text, with those that go on in another line. */
function stringLiteral(
  text: string,
  codec: TextCodec,
  escapes: boolean,
): { value: string; length: number } | null {
  if (text.startsWith('$')) {
    const tag = /^\$\w*\$/.exec(text)?.[0];
    const end = tag ? text.indexOf(tag, tag.length) : -1;
    return tag && end >= 0 ? { value: text.slice(tag.length, end), length: end + tag.length } : null;
  }
  const prefix = /^(?:u&|[ebnx])?(?=')/i.exec(text)?.[0].toLowerCase();
  if (prefix === undefined) return null;
  const escaped = prefix === 'e' || (escapes && (prefix === '' || prefix === 'n'));
  let value = '';
  let at = prefix.length;
  for (;;) {
    const end = stringEnd(text, at + 1, escaped);
    if (end < 0) return null;
    const part = text.slice(at + 1, end).replaceAll("''", "'");
    value += escaped ? unescapeString(text.slice(at + 1, end), codec) : part;
    const more = /^\s*[\r\n]\s*(?=')/.exec(text.slice(end + 1));
    if (!more) return { value: plainValue(value, prefix), length: end + 1 };
    at = end + 1 + more[0].length;
  }
}

function plainValue(value: string, prefix: string): string {
  if (prefix === 'x')
    return value.replace(/[\da-f]/gi, (digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0'));
  if (prefix !== 'u&') return value;
  return value.replace(/\\(?:\\|\+([\da-f]{6})|([\da-f]{4}))/gi, (all, six: string, four: string) =>
    all === '\\\\' ? '\\' : codePoint(six ?? four),
  );
}

/** The quote that ends a string which begins at `from`; -1 when there is none. */
function stringEnd(text: string, from: number, escaped: boolean): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 92 && escaped) at++;
    else if (code === 39) {
      if (text.charCodeAt(at + 1) !== 39) return at;
      at++;
    }
  }
  return -1;
}

function codePoint(hex: string): string {
  const code = Number.parseInt(hex, 16);
  // Two halves of a pair may be written one by one.
  return code > 0x10ffff ? '\ufffd' : code > 0xffff ? String.fromCodePoint(code) : String.fromCharCode(code);
}

const ESCAPE = /''|\\(?:([0-7]{1,3})|x([\da-fA-F]{1,2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/g;

/** The inside of E'…'. Octal and hexadecimal escapes are bytes. */
export function unescapeString(inner: string, codec: TextCodec): string {
  let bytes = false;
  const text = inner.replace(
    ESCAPE,
    (all, octal?: string, hex?: string, short?: string, long?: string, other?: string) => {
      if (all === "''") return "'";
      if (octal !== undefined || hex !== undefined) {
        const byte = (octal === undefined ? Number.parseInt(hex!, 16) : Number.parseInt(octal, 8)) & 255;
        bytes ||= byte > 127;
        return byte > 127 ? rawByte(byte) : String.fromCharCode(byte);
      }
      if (other !== undefined) return SIMPLE[other] ?? other;
      return codePoint(short ?? long!);
    },
  );
  return bytes ? joinedBytes(text, codec) : text;
}

/** Runs of single bytes may be characters together. */
function joinedBytes(text: string, codec: TextCodec): string {
  return text.replace(/[\udc80-\udcff]+/gu, (run) =>
    codec.decode(Buffer.from(Uint8Array.from(run, (c) => c.charCodeAt(0) - 0xdc00))),
  );
}
