export const BLOCK = 512;

/** One member of a tar file. */
export interface TarMember {
  name: string;
  size: number;
  /** Byte the content begins at. */
  offset: number;
}

/** Reads a member's 512-byte header; null when it is none or its checksum is wrong. */
export function parseTarHeader(block: Buffer): { name: string; size: number; type: string } | null {
  if (block.length < BLOCK || block.toString('latin1', 257, 262) !== 'ustar') return null;
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 32 : block[i]!;
  if (octal(block, 148, 8) !== sum) return null;
  const size = block[124]! & 0x80 ? base256(block, 124, 12) : octal(block, 124, 12);
  if (size === null || !Number.isSafeInteger(size)) return null;
  return { name: text(block, 0, 100), size, type: String.fromCharCode(block[156]!) };
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
