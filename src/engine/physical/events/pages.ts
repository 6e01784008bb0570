import { zstdDecompressSync } from 'node:zlib';
import { decodeLz4Block } from '../../archive/decoding';
import type { BlockPart } from './parts';
import { decodePglz } from './pglz';

/** Bytes of a page, but for servers that were built otherwise: of these no names are known. */
export const PAGE = 8192;
/** How an image is compressed (BKPIMAGE_COMPRESS_…, xlogrecord.h). */
const compressed = { pglz: 0x04, lz4: 0x08, zstd: 0x10 } as const;
/** Of a page (storage/bufpage.h), and of a row (access/htup_details.h). */
const PAGE_HEADER = 24;
const NORMAL = 1;
const HOFF_AT = 22;

/** A row of a page: its data without header, where it may be cut, and how long it is in all. */
export interface PageRow {
  /** Number of its line pointer, from 1. */
  offset: number;
  data: Buffer;
}

/** The rows on a page of a heap, dead ones too; a page that cannot be has none. The data is a part of `page`. */
export function* rowsOf(page: Buffer): Generator<PageRow> {
  const lower = page.readUInt16LE(12);
  if (lower < PAGE_HEADER || lower > page.length) return;
  for (let at = PAGE_HEADER, offset = 1; at + 4 <= lower; at += 4, offset++) {
    const pointer = page.readUInt32LE(at);
    const begin = pointer & 0x7fff;
    const length = pointer >>> 17;
    if (((pointer >>> 15) & 3) !== NORMAL || begin < lower || begin + length > page.length) continue;
    const hoff = page[begin + HOFF_AT]!;
    if (length > hoff && hoff > HOFF_AT) yield { offset, data: page.subarray(begin + hoff, begin + length) };
  }
}

/** Where a page was last changed (`pd_lsn`), as a number. */
export function pageLsn(page: Buffer): number {
  return page.readUInt32LE(0) * 0x1_0000_0000 + page.readUInt32LE(4);
}

/** The page in an image (`RestoreBlockImage` in xlogreader.c); null where it cannot be decompressed here. */
export function pageOf(bytes: Buffer, part: BlockPart): Buffer | null {
  const image = bytes.subarray(part.imageAt, part.imageAt + part.imageBytes);
  const { imageInfo, holeAt } = part;
  const isCompressed = imageInfo & (compressed.pglz | compressed.lz4 | compressed.zstd);
  const hole = isCompressed ? part.holeBytes : PAGE - image.length;
  if (hole < 0 || holeAt + hole > PAGE) return null;
  try {
    const content = isCompressed ? decompressed(image, imageInfo, PAGE - hole) : image;
    if (!content) return null;
    const page = Buffer.alloc(PAGE);
    content.copy(page, 0, 0, holeAt);
    content.copy(page, holeAt + hole, holeAt);
    return page;
  } catch {
    return null;
  }
}

function decompressed(image: Buffer, info: number, length: number): Buffer | null {
  const content = Buffer.alloc(length);
  let end: number;
  if (info & compressed.pglz) end = decodePglz(image, content);
  else if (info & compressed.lz4) end = decodeLz4Block(image, content, 0, 0);
  // Node before 22.15 has none.
  else if (typeof zstdDecompressSync === 'function')
    end = zstdDecompressSync(image, { maxOutputLength: length }).copy(content);
  else return null;
  return end === length ? content : null;
}
