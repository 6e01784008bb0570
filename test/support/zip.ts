import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

/** Paths in a zip file with their unpacked sizes in bytes, from its central directory. */
export function zipEntries(path: string): Map<string, number> {
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const entries = new Map<string, number>();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const size = bytes.readUInt32LE(at + 24);
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    entries.set(bytes.toString('utf8', at + 46, at + 46 + name), size);
    at += 46 + name + extra + comment;
  }
  return entries;
}

/** The text of one file in a zip file. */
export function zipText(path: string, name: string): string {
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  // The name in the central directory, 46 bytes after the beginning of its entry.
  const entry = bytes.indexOf(name, bytes.readUInt32LE(end + 16)) - 46;
  if (entry < 0) throw new Error(`${name} is not in ${path}.`);
  const local = bytes.readUInt32LE(entry + 42);
  const data = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const packed = bytes.subarray(data, data + bytes.readUInt32LE(entry + 20));
  return (bytes.readUInt16LE(entry + 10) === 0 ? packed : inflateRawSync(packed)).toString('utf8');
}
