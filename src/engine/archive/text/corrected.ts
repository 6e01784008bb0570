import { CORRECTIONS } from './corrections';

export interface Corrected {
  /** Right characters by their bytes in hexadecimal. */
  characters: Map<string, string>;
  /** Fits what the platform's decoder makes of such bytes. */
  wrong: RegExp;
}

/** Where PostgreSQL's tables differ from those of the platform; null for encodings where they are the same. */
export function corrections(name: string, decode: (bytes: Buffer) => string | null): Corrected | null {
  const listed = CORRECTIONS[name === 'UHC' ? 'EUC_KR' : name];
  if (!listed) return null;
  const characters = new Map<string, string>();
  for (const [, bytes, character] of listed.matchAll(/([\da-f]+)(\S)/gu)) characters.set(bytes!, character!);
  let wrong = '';
  for (const bytes of characters.keys()) wrong += decode(Buffer.from(bytes, 'hex')) ?? '';
  if (name === 'UHC') {
    for (const [bytes, character] of hangul(decode)) characters.set(bytes, character);
    wrong += '\\x80-\\x9f';
  }
  return { characters, wrong: wrong === '' ? /(?!)/ : new RegExp(`[${wrong}]`, 'u') };
}

/**
 * UHC is EUC-KR and, in the places it leaves free, all syllables it does not have, in the order of Unicode. Platforms call
 * both by one name and know the first.
 */
function* hangul(decode: (bytes: Buffer) => string | null): Generator<[string, string]> {
  const known = new Set<string>();
  for (let lead = 0xb0; lead <= 0xc8; lead++)
    for (let trail = 0xa1; trail <= 0xfe; trail++) known.add(decode(Buffer.from([lead, trail])) ?? '');
  let lead = 0x81;
  let trail = 0x41;
  for (let code = 0xac00; code <= 0xd7a3; code++) {
    const character = String.fromCharCode(code);
    if (known.has(character)) continue;
    yield [Buffer.from([lead, trail]).toString('hex'), character];
    trail++;
    if (trail === 0x5b) trail = 0x61;
    else if (trail === 0x7b) trail = 0x81;
    else if (trail === (lead <= 0xa0 ? 0xff : 0xa1)) [lead, trail] = [lead + 1, 0x41];
  }
}
