import { createHash } from 'node:crypto';

/** Bytes of a name without its extension; file systems take 255. */
const longest = 150;

/** What some file system, shell or person would stumble over; `=` and `~` are our own signs. */
const unsafe =
  /[\u0000-\u001f"*/:<>?\\|=~\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|^[ .(]|[ .!]$/g;

/** Devices of Windows, whatever follows the dot. */
const reserved = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;

/**
 * A name of PostgreSQL, which may hold anything, as a name of a file on any system: what is unsafe is written `=2F`
 * (bytes of UTF-8; what has none `=uDC80`). `nameOf` takes it back, unless it was too long: then the end is replaced
 * by a hash.
 */
export function safeName(name: string): string {
  const safe = name
    .replace(unsafe, written)
    .replace(reserved, (word) => written(word[0] ?? '') + word.slice(1));
  if (safe === '') return '=';
  if (Buffer.byteLength(safe) <= longest) return safe;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  let kept = '';
  for (const character of safe) {
    if (Buffer.byteLength(kept) + Buffer.byteLength(character) > longest - 9) break;
    kept += character;
  }
  return `${kept}~${hash}`;
}

/** The name a safe name was made from; undefined for one that was too long or had a namesake. */
export function nameOf(safe: string): string | undefined {
  if (safe === '=') return '';
  if (safe.includes('~')) return undefined;
  return safe.replace(/(?:=[0-9A-F]{2})+|=u[0-9A-F]{4}/g, (code) =>
    code.startsWith('=u')
      ? String.fromCharCode(Number.parseInt(code.slice(2), 16))
      : Buffer.from(code.replaceAll('=', ''), 'hex').toString(),
  );
}

function written(character: string): string {
  const code = character.charCodeAt(0);
  if (character.length === 1 && code >= 0xd800 && code <= 0xdfff)
    return `=u${code.toString(16).toUpperCase()}`;
  return [...Buffer.from(character)]
    .map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}

/** Names given out in one folder: on some systems `A` and `a` are one, and two ways of writing `é`. */
export class Names {
  readonly #taken = new Set<string>();

  /** The name, with a number behind it where it is taken. */
  take(base: string, extension: string): string {
    for (let number = 1; ; number++) {
      const name = `${number === 1 ? base : `${base}~${number}`}${extension}`;
      const key = name.normalize('NFC').toLowerCase();
      if (this.#taken.has(key)) continue;
      this.#taken.add(key);
      return name;
    }
  }
}
