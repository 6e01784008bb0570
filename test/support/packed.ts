import { crc32, deflateRawSync } from 'node:zlib';

/** Files by their path in the container. */
export type Files = ReadonlyMap<string, Buffer>;

/** A container's bytes, and where its fields, headers and contents begin. */
export interface Packed {
  bytes: Buffer;
  borders: number[];
}

/** Fields of a zip file's local head, of its central record and of its end record. */
const LOCAL = [0, 6, 8, 14, 18, 22, 26, 28, 30];
const CENTRAL = [0, 8, 10, 16, 20, 24, 28, 30, 32, 42, 46];
const END = [0, 8, 10, 12, 16, 20];

/** Stands in fields of 32 bits whose number is in the zip64 parts. */
const IN_ZIP64 = 0xffffffff;

/** A zip file, stored or deflated; `zip64`: with every size and position in 64 bits, as tools write them that stream. */
export function zipOf(files: Files, deflated: boolean, { zip64 = false } = {}): Packed {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  const borders: number[] = [];
  let at = 0;
  const add = (part: Buffer, fields: number[]): void => {
    borders.push(...fields.map((field) => at + field));
    parts.push(part);
    at += part.length;
  };
  for (const [name, content] of files) {
    const body = deflated ? deflateRawSync(content) : content;
    const path = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(deflated ? 8 : 0, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(zip64 ? IN_ZIP64 : body.length, 14);
    common.writeUInt32LE(zip64 ? IN_ZIP64 : content.length, 18);
    common.writeUInt16LE(path.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(zip64 ? IN_ZIP64 : at, 10);
    const [here, there] = zip64
      ? [wide(content.length, body.length), wide(content.length, body.length, at)]
      : [];
    const inCentral = Buffer.from(common);
    inCentral.writeUInt16LE(there?.length ?? 0, 24);
    common.writeUInt16LE(here?.length ?? 0, 24);
    central.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), inCentral, place, path, there ?? Buffer.alloc(0)]),
    );
    add(Buffer.concat([Buffer.from('PK\x03\x04'), common, path, here ?? Buffer.alloc(0)]), LOCAL);
    add(body, [0]);
  }
  const from = at;
  for (const record of central) add(record, CENTRAL);
  const size = at - from;
  if (zip64) add(end64(central.length, size, from), [0]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(zip64 ? 0xffff : central.length, 8);
  end.writeUInt16LE(zip64 ? 0xffff : central.length, 10);
  end.writeUInt32LE(zip64 ? IN_ZIP64 : size, 12);
  end.writeUInt32LE(zip64 ? IN_ZIP64 : from, 16);
  add(end, END);
  return { bytes: Buffer.concat(parts), borders };
}

/** The zip64 extra field with these numbers. */
function wide(...numbers: number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * numbers.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * numbers.length, 2);
  numbers.forEach((number, i) => field.writeBigUInt64LE(BigInt(number), 4 + 8 * i));
  return field;
}

/** The zip64 end record of a central directory, and its locator. */
function end64(count: number, size: number, from: number): Buffer {
  const record = Buffer.alloc(56);
  record.write('PK\x06\x06', 'latin1');
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(from), 48);
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07', 'latin1');
  locator.writeBigUInt64LE(BigInt(from + size), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator]);
}

/** A tar file (ustar). */
export function tarOf(files: Files): Packed {
  const parts: Buffer[] = [];
  for (const [name, content] of files) {
    const head = Buffer.alloc(512);
    head.write(name, 0, 'utf8');
    head.write('0000600\0' + '0000000\0'.repeat(2), 100);
    head.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
    head.write(`${'0'.repeat(11)}\0${' '.repeat(8)}0`, 136);
    head.write('ustar\x0000', 257);
    const sum = head.reduce((total, byte) => total + byte, 0);
    head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    parts.push(head, content, Buffer.alloc((512 - (content.length % 512)) % 512));
  }
  const bytes = Buffer.concat([...parts, Buffer.alloc(1024)]);
  return { bytes, borders: tarBorders(bytes) };
}

/** Where the headers, their fields and the contents of a tar file begin. */
export function tarBorders(bytes: Buffer): number[] {
  const borders: number[] = [];
  let at = 0;
  while (at + 512 <= bytes.length && bytes[at] !== 0) {
    borders.push(...[0, 100, 124, 135, 148, 156, 257, 345, 512].map((field) => at + field));
    const size = parseInt(bytes.toString('latin1', at + 124, at + 135), 8);
    borders.push(at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return [...borders, at, at + 512].filter((border) => border < bytes.length);
}
