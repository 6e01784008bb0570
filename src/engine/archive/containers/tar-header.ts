export const BLOCK = 512;

/** A member's header. */
export interface TarHeader {
  name: string;
  size: number;
  /** `0` or a zero byte for regular files, `L` and `x` for what says more about the next member, … */
  type: string;
  /** Permission bits; 0 where the header has none. */
  mode: number;
  /** Of a link: where it leads. */
  link: string;
}

/** Reads a member's 512-byte header; null when it is none or its checksum is wrong. */
export function parseTarHeader(block: Buffer): TarHeader | null {
  if (block.length < BLOCK || block.toString('latin1', 257, 262) !== 'ustar') return null;
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 32 : block[i]!;
  if (octal(block, 148, 8) !== sum) return null;
  const size = block[124]! & 0x80 ? base256(block, 124, 12) : octal(block, 124, 12);
  if (size === null || !Number.isSafeInteger(size)) return null;
  // GNU tar's own form, told by a blank instead of the zero byte, has other fields where the prefix would be.
  const prefix = block[262] === 0 ? text(block, 345, 155) : '';
  const name = text(block, 0, 100);
  return {
    name: prefix ? `${prefix}/${name}` : name,
    size,
    type: String.fromCharCode(block[156]!),
    mode: (octal(block, 100, 8) ?? 0) & 0o7777,
    link: text(block, 157, 100),
  };
}

function text(block: Buffer, from: number, length: number): string {
  const end = block.indexOf(0, from);
  return block.toString('utf8', from, end < 0 ? from + length : Math.min(end, from + length));
}

function octal(block: Buffer, from: number, length: number): number | null {
  const digits = text(block, from, length).trim();
  return /^[0-7]+$/.test(digits) ? parseInt(digits, 8) : null;
}

/** Sizes above 8 GiB: the first byte's high bit is set, the rest is a big-endian number. */
function base256(block: Buffer, from: number, length: number): number {
  let value = block[from]! & 0x7f;
  for (let i = 1; i < length; i++) value = value * 256 + block[from + i]!;
  return value;
}

/** Bytes from the end of a member's content to the next header. */
export function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** What stands before a member instead of in its header. */
export interface Said {
  path?: string;
  size?: number;
  link?: string;
}

/** What a pax record (`LENGTH key=value`) says about the next member. */
export function parsePax(body: Buffer): Said {
  const found: Said = {};
  for (let at = 0; at < body.length;) {
    const blank = body.indexOf(32, at);
    const length = blank < 0 ? NaN : Number(body.toString('latin1', at, blank));
    if (!Number.isInteger(length) || length <= blank - at + 1 || at + length > body.length) break;
    const record = body.toString('utf8', blank + 1, at + length - 1);
    at += length;
    if (record.startsWith('path=')) found.path = record.slice(5);
    else if (record.startsWith('linkpath=')) found.link = record.slice(9);
    else if (/^size=\d{1,15}$/.test(record)) found.size = Number(record.slice(5));
  }
  return found;
}
