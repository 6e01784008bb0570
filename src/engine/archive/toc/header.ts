import * as l10n from '@vscode/l10n';
import { compressions } from '../compressions';
import { damage, newerArchive } from '../errors';
import type { ByteReader } from '../io/byte-reader';
import type { Header } from '../types';
import { parse, type Cursor } from './cursor';

export const MAGIC = Buffer.from('PGDMP');
const NEWEST_MINOR = 16;
const OLDEST_MINOR = 3;
/** Bytes: names of a database and versions. */
const LARGEST = 64 * 1024;

/**
 * Reads the header of an archive from its first byte. Throws `archive.newer` for a version whose layout
 * is not known and `archive.damaged` for the rest.
 */
export async function readHeader(reader: ByteReader): Promise<Header> {
  return await parse(reader, { intSize: 4, offsetSize: 8, most: LARGEST }, parseHeader);
}

function parseHeader(from: Cursor): Header {
  const what = l10n.t('the header');
  for (const byte of MAGIC)
    if (from.byte(what) !== byte) throw damage(l10n.t('it does not begin with PGDMP'), 0);
  const major = from.byte(what);
  const minor = from.byte(what);
  if (major > 1 || (major === 1 && minor > NEWEST_MINOR)) throw newerArchive(`${major}.${minor}`);
  if (major !== 1 || minor < OLDEST_MINOR)
    throw damage(l10n.t('its format version is {0}.{1}', major, minor), 5);
  from.byte(what); // revision: anything
  const intSize = from.byte(what);
  if (intSize !== 4) throw damage(l10n.t('its integers have {0} bytes', intSize), 8);
  const offsetSize = minor >= 7 ? from.byte(what) : intSize;
  if (offsetSize < 1 || offsetSize > 32) throw damage(l10n.t('its offsets have {0} bytes', offsetSize), 9);
  const formatByte = from.byte(what);
  const compression = readCompression(from, minor, what);
  const time = minor >= 4 ? Array.from({ length: 7 }, () => from.int(what)) : null;
  const database = minor >= 4 ? from.text(what) : null;
  const serverVersion = minor >= 10 ? from.text(what) : null;
  const toolVersion = minor >= 10 ? from.text(what) : null;
  return {
    version: [major, minor],
    intSize,
    offsetSize,
    formatByte,
    compression,
    createdAt: time && wallClock(time),
    // The client encoding is not known yet; names of databases are shown as UTF-8.
    database: database?.toString('utf8') ?? null,
    serverVersion: serverVersion?.toString('latin1') ?? null,
    toolVersion: toolVersion?.toString('latin1') ?? null,
  };
}

function readCompression(from: Cursor, minor: number, what: string): Header['compression'] {
  if (minor < 4) return from.byte(what) === 0 ? 'none' : 'gzip';
  if (minor < 15) return from.int(what) === 0 ? 'none' : 'gzip';
  const at = from.offset;
  const number = from.byte(what);
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
