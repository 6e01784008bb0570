import { createHash } from 'node:crypto';
import { crc32c } from '../../../src/engine/pgdata/crc32c';

/** A control file of a version as a server would write it, with what a test wants different. */
export function controlFile(version: 1300 | 1700 | 1800, change: (bytes: Buffer) => void = () => {}): Buffer {
  const bytes = Buffer.alloc(8192);
  bytes.writeBigUInt64LE(7713797272622460311n, 0);
  bytes.writeUInt32LE(version, 8);
  bytes.writeUInt32LE(202209061, 12);
  bytes.writeUInt32LE(6, 16);
  bytes.writeBigInt64LE(1764472405n, 24);
  bytes.writeBigUInt64LE(0x1_0f000060n, 32);
  bytes.writeBigUInt64LE(0x1_0f000028n, 40);
  bytes.writeUInt32LE(3, 48);
  bytes.writeUInt32LE(8192, 216);
  bytes.writeUInt32LE(16 * 1024 * 1024, 228);
  bytes.writeUInt32LE(1, 252);
  [100, 8, 10, 5, 64].forEach((value, i) => bytes.writeUInt32LE(value, 180 + 4 * i));
  change(bytes);
  const end = version === 1800 ? 292 : 288;
  bytes.writeUInt32LE(crc32c(bytes.subarray(0, end)), end);
  return bytes;
}

/** A backup manifest as a server writes it. */
export function backupManifest(files: string[], more: { version?: number; ranges?: string[] } = {}): string {
  const { version = 2, ranges = ['{ "Timeline": 1, "Start-LSN": "0/2000028", "End-LSN": "0/2000100" }'] } =
    more;
  const head = `{ "PostgreSQL-Backup-Manifest-Version": ${version},\n`;
  const own = version === 2 ? '"System-Identifier": 18446744073709551615,\n' : '';
  const text = `${head}${own}"Files": [\n${files.join(',\n')}],\n"WAL-Ranges": [\n${ranges.join(',\n')}\n],\n`;
  return `${text}"Manifest-Checksum": "${createHash('sha256').update(text).digest('hex')}"}\n`;
}

export function listedFile(path: string, content: string | Buffer, algorithm = 'SHA256'): string {
  const bytes = Buffer.from(content);
  const sum = createHash(algorithm.toLowerCase()).update(bytes).digest('hex');
  return `{ "Path": ${JSON.stringify(path)}, "Size": ${bytes.length}, "Last-Modified": "2026-11-30 03:13:51 GMT", "Checksum-Algorithm": "${algorithm}", "Checksum": "${sum}" }`;
}

/** A text in pieces of a size. */
export async function* pieces(text: string | Buffer, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size));
}
