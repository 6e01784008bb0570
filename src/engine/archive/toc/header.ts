import * as l10n from '@vscode/l10n';
import { compressions } from '../compressions';
import { damage, newerArchive } from '../errors';
import type { Header } from '../types';
import type { Primitives } from './primitives';

export const MAGIC = Buffer.from('PGDMP');
const NEWEST_MINOR = 16;

/**
 * Reads the header of an archive from its first byte and sets the sizes the rest is read with.
 * Throws `archive.newer` for a version whose layout is not known and `archive.damaged` for the rest.
 */
export async function readHeader(from: Primitives): Promise<Header> {
  const { reader } = from;
  const what = l10n.t('the header');
  if (!(await reader.fill(MAGIC.length)) || !reader.take(MAGIC.length).equals(MAGIC))
    throw damage(l10n.t('it does not begin with PGDMP'), 0);
  const major = await from.byte(what);
  const minor = await from.byte(what);
  if (major > 1 || (major === 1 && minor > NEWEST_MINOR)) throw newerArchive(`${major}.${minor}`);
  if (major !== 1 || minor < 4) throw damage(l10n.t('its format version is {0}.{1}', major, minor), 5);
  await from.byte(what); // revision
  from.intSize = await from.byte(what);
  if (from.intSize !== 4) throw damage(l10n.t('its integers have {0} bytes', from.intSize), 8);
  from.offsetSize = minor >= 7 ? await from.byte(what) : from.intSize;
  if (from.offsetSize < 1 || from.offsetSize > 32)
    throw damage(l10n.t('its offsets have {0} bytes', from.offsetSize), 9);
  const formatByte = await from.byte(what);
  const compression = await readCompression(from, minor, what);
  const time: number[] = [];
  for (let i = 0; i < 7; i++) time.push(await from.int(what));
  const database = await from.text(what);
  const serverVersion = minor >= 10 ? await from.text(what) : null;
  const toolVersion = minor >= 10 ? await from.text(what) : null;
  return {
    version: [major, minor],
    intSize: from.intSize,
    offsetSize: from.offsetSize,
    formatByte,
    compression,
    createdAt: wallClock(time),
    // The client encoding is not known yet; names of databases are shown as UTF-8.
    database: database?.toString('utf8') ?? null,
    serverVersion: serverVersion?.toString('latin1') ?? null,
    toolVersion: toolVersion?.toString('latin1') ?? null,
  };
}

async function readCompression(
  from: Primitives,
  minor: number,
  what: string,
): Promise<Header['compression']> {
  if (minor < 15) return (await from.int(what)) === 0 ? 'none' : 'gzip';
  const at = from.reader.offset;
  const number = await from.byte(what);
  const codec = compressions.find((candidate) => candidate.number === number);
  if (!codec) throw damage(l10n.t('it names the unknown compression {0}', number), at);
  return codec.name;
}

/** C's broken-down local time as ISO 8601 without a zone; null when no such time exists. */
function wallClock([sec, min, hour, day, month, year]: number[]): string | null {
  const time = Date.UTC(year! + 1900, month!, day, hour, min, sec);
  if (!Number.isFinite(time) || month! < 0 || month! > 11 || day! < 1 || day! > 31) return null;
  return new Date(time).toISOString().slice(0, 19);
}
