/**
 * Bytes that do not decode are kept in strings as lone surrogates U+DC80 … U+DCFF, one for each byte, as Python's
 * `surrogateescape` does. Nothing that decodes gives a lone surrogate, so the way back is exact.
 */
const FIRST = 0xdc80;
const LAST = 0xdcff;

/** The character that stands for a byte from 0x80 on. */
export function rawByte(byte: number): string {
  return String.fromCharCode(0xdc00 + byte);
}

/** The text as UTF-8, with the bytes that did not decode as they were. */
export function bytesOf(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0xd800 && code <= 0xdbff) {
      const next = text.charCodeAt(at + 1);
      if (next >= 0xdc00 && next <= 0xdfff) at++;
    } else if (code >= FIRST && code <= LAST) {
      if (at > from) parts.push(Buffer.from(text.slice(from, at), 'utf8'));
      let end = at + 1;
      while (end < text.length && text.charCodeAt(end) >= FIRST && text.charCodeAt(end) <= LAST) end++;
      parts.push(
        Buffer.from(Uint8Array.from({ length: end - at }, (_, i) => text.charCodeAt(at + i) - 0xdc00)),
      );
      from = end;
      at = end - 1;
    }
  }
  parts.push(Buffer.from(text.slice(from), 'utf8'));
  return Buffer.concat(parts);
}
