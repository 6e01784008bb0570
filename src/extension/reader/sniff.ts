/** What bytes are, told by their first ones alone: names and types in a dump are not to be trusted. */
export interface Sniffed {
  kind: 'image' | 'text' | 'binary';
  mime: string;
  /** Without the dot. */
  extension: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @param whole whether these are all bytes: what was cut may end inside a character */
export function sniff(bytes: Uint8Array, whole: boolean): Sniffed {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 64));
  const begins = (text: string, at = 0): boolean => head.toString('latin1', at, at + text.length) === text;
  const image = (name: string, extension = name): Sniffed => ({
    kind: 'image',
    mime: `image/${name}`,
    extension,
  });
  if (begins('\x89PNG\r\n\x1a\n')) return image('png');
  if (begins('\xff\xd8\xff')) return image('jpeg', 'jpg');
  if (begins('GIF87a') || begins('GIF89a')) return image('gif');
  if (begins('RIFF') && begins('WEBP', 8)) return image('webp');
  if (begins('ftypavif', 4)) return image('avif');
  if (begins('BM') && bytes.length > 26 && head.readUInt32LE(6) === 0) return image('bmp');
  if (begins('%PDF-')) return { kind: 'binary', mime: 'application/pdf', extension: 'pdf' };
  if (isText(bytes, whole)) return { kind: 'text', mime: 'text/plain', extension: 'txt' };
  return { kind: 'binary', mime: 'application/octet-stream', extension: 'bin' };
}

/** Whether it is UTF-8 without controls that no text has. */
function isText(bytes: Uint8Array, whole: boolean): boolean {
  try {
    const text = whole ? utf8.decode(bytes) : utf8.decode(bytes, { stream: true });
    return !/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text);
  } catch {
    return false;
  } finally {
    if (!whole) reset();
  }
}

/** Forgets the beginning of a character that was cut. */
function reset(): void {
  try {
    utf8.decode();
  } catch {
    // It was cut, as expected.
  }
}
