import * as l10n from '@vscode/l10n';
import { checkAborted } from '../abort';
import { damage, type DamageError } from '../errors';
import type { ByteReader } from '../io/byte-reader';
import { cleanName } from './names';
import { BLOCK, padding, parsePax, parseTarHeader } from './tar-header';

/** No name is longer, whatever a header claims. */
const LONGEST_NAME = 64 * 1024;

/** A regular file in a tar file. */
export interface TarMember {
  name: string;
  size: number;
  /** Byte of its header. */
  at: number;
  /** Byte of its content. */
  start: number;
}

/**
 * Reads headers up to that of the next regular file: the reader then stands before its content. Null at the end
 * blocks, undefined where the file just ends. Throws `DamageError`.
 */
export async function nextTarMember(reader: ByteReader): Promise<TarMember | null | undefined> {
  let said: { path?: string; size?: number } = {};
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
    const { type } = header;
    if (type === 'L' || type === 'x') {
      if (header.size > LONGEST_NAME || !(await reader.fill(header.size)))
        throw damage(l10n.t('the header of a tar member is damaged'), at);
      const body = reader.take(header.size);
      said = { ...said, ...(type === 'L' ? { path: longName(body) } : parsePax(body)) };
      await reader.skip(Math.min(padding(header.size), reader.remaining));
      continue;
    }
    // What a global header says is of no use here.
    const ours = type === 'g' ? {} : said;
    const name = cleanName(ours.path ?? header.name);
    const member = { name, size: ours.size ?? header.size, at, start: reader.offset };
    if (type === '0' || type === '\0' || type === '7') return member;
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
