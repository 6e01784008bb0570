import * as l10n from '@vscode/l10n';
import { checkAborted } from '../abort';
import { damage, type DamageError } from '../errors';
import type { ByteReader } from '../io/byte-reader';
import { cleanName } from './names';
import { BLOCK, padding, parsePax, parseTarHeader, type Said } from './tar-header';

/** No name is longer, whatever a header claims. */
const LONGEST_NAME = 64 * 1024;

/** A member of a tar file; a regular file unless others were asked for. */
export interface TarMember {
  name: string;
  /** As in its header: `0` or a zero byte for a file, `5` for a folder, `2` for a symbolic link. */
  type: string;
  /** Permission bits. */
  mode: number;
  /** Of a link: where it leads, as it stands. */
  link: string;
  size: number;
  /** Byte of its header. */
  at: number;
  /** Byte of its content. */
  start: number;
}

/**
 * Reads headers up to that of the next regular file (with `all`: of the next member): the reader then stands before its
 * content. Null at the end blocks, undefined where the file just ends. Throws `DamageError`.
 */
export async function nextTarMember(reader: ByteReader, all = false): Promise<TarMember | null | undefined> {
  let said: Said = {};
  for (;;) {
    if (!(await reader.fill(BLOCK))) {
      if (reader.available === 0) return undefined;
      throw damage(l10n.t('the file ends inside {0}', l10n.t('a tar header')), reader.offset);
    }
    const at = reader.offset;
    const block = reader.take(BLOCK);
    if (block.every((byte) => byte === 0)) return null;
    const header = parseTarHeader(block);
    if (!header) throw damage(l10n.t('the header of a tar member is damaged'), at);
    const { type, mode } = header;
    if (type === 'L' || type === 'K' || type === 'x') {
      if (header.size > LONGEST_NAME || !(await reader.fill(header.size)))
        throw damage(l10n.t('the header of a tar member is damaged'), at);
      const body = reader.take(header.size);
      const more =
        type === 'L' ? { path: longName(body) } : type === 'K' ? { link: longName(body) } : parsePax(body);
      said = { ...said, ...more };
      await reader.skip(Math.min(padding(header.size), reader.remaining));
      continue;
    }
    // What a global header says is of no use here.
    const ours = type === 'g' ? {} : said;
    const name = cleanName(ours.path ?? header.name);
    const link = ours.link ?? header.link;
    const member = { name, type, mode, link, size: ours.size ?? header.size, at, start: reader.offset };
    if (type === '0' || type === '\0' || type === '7' || (all && type !== 'g')) return member;
    if (!(await passTarMember(reader, member))) throw cutShort(member);
    if (type !== 'g') said = {};
  }
}

/** Moves a reader behind a member, from wherever it stands in it; false when the file ends before. */
export async function passTarMember(reader: ByteReader, { start, size }: TarMember): Promise<boolean> {
  if (!(await reader.skip(start + size - reader.offset))) {
    await reader.skip(reader.remaining);
    return false;
  }
  return await reader.skip(Math.min(padding(size), reader.remaining));
}

/** Moves on to the next header behind a place whose checksum is right; headers stand at multiples of their size. */
export async function findTarHeader(
  reader: ByteReader,
  behind: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  await reader.skip(Math.min(padding(reader.offset), reader.remaining));
  while (await reader.fill(BLOCK)) {
    if (reader.offset % (BLOCK * 2048) === 0) checkAborted(signal);
    if (reader.offset > behind && parseTarHeader(reader.peek(BLOCK))) return true;
    reader.take(BLOCK);
  }
  return false;
}

export function cutShort({ name, at }: TarMember): DamageError {
  return damage(l10n.t('"{0}" is cut short', name), at);
}

function longName(body: Buffer): string {
  const end = body.indexOf(0);
  return body.toString('utf8', 0, end < 0 ? body.length : end);
}
