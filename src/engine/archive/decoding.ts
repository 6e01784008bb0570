/**
 * What reading compressed files and tar files needs that are no dumps (WAL, base backups), a door of its own: `openUnwrapped` of the index knows what is
 * around dumps, and brings the rest of the reader with it.
 */
export { readTar, type TarEntry, type TarStreamOptions } from './containers/tar-stream';
export { compressions, type CompressionCodec } from './compressions';
export { decodeBlock as decodeLz4Block } from './compressions/lz4-block';
export { DecodeError, decode } from './io/decode';
