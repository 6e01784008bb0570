/** Bits of a block reference and of its image (xlogrecord.h of PostgreSQL 15 to 18). */
const HAS_IMAGE = 0x10;
const HAS_DATA = 0x20;
const SAME_REL = 0x80;
const HAS_HOLE = 0x01;
const COMPRESSED = 0x1c;
/** Ids that are no blocks: what follows is the record's own data, its origin, the transaction above its own. */
const DATA_SHORT = 255;
const DATA_LONG = 254;
const ORIGIN = 253;
const TOP_XID = 252;
const MOST_BLOCKS = 33;

/** A page that a record is about; places are bytes of what was parsed. */
export interface BlockPart {
  tablespace: number;
  database: number;
  file: number;
  /** 0 the relation itself; others are its maps. */
  fork: number;
  block: number;
  hasImage: boolean;
  imageInfo: number;
  imageAt: number;
  imageBytes: number;
  holeAt: number;
  /** Of a compressed image; else it is what the image leaves of the page. */
  holeBytes: number;
  hasData: boolean;
  dataAt: number;
  dataBytes: number;
}

/**
 * Takes a record apart (`DecodeXLogRecord` in xlogreader.c): the pages it is about, and its own data, which lies last. One for
 * all records: nothing is allocated for them.
 */
export class RecordParts {
  readonly #all: BlockPart[] = [];
  /** How many of `block(i)` there are. */
  blocks = 0;
  /** Where the record's own data lies. */
  mainAt = 0;
  mainBytes = 0;

  block(i: number): BlockPart {
    return this.#all[i]!;
  }

  /** Takes what follows a record's header; false for what no version writes so, or what was cut. */
  parse(bytes: Buffer, from: number, to: number): boolean {
    this.blocks = 0;
    this.mainBytes = 0;
    let at = from;
    let data = 0;
    let before: BlockPart | null = null;
    while (to - at > data) {
      const id = bytes[at]!;
      if (id === DATA_SHORT) {
        this.mainBytes = bytes[at + 1]!;
        at += 2;
        data += this.mainBytes;
        break;
      }
      if (id === DATA_LONG) {
        if (at + 5 > to) return false;
        this.mainBytes = bytes.readUInt32LE(at + 1);
        at += 5;
        data += this.mainBytes;
        break;
      }
      if (id === ORIGIN) at += 3;
      else if (id === TOP_XID) at += 5;
      else {
        if (id >= MOST_BLOCKS || at + 24 > bytes.length) return false;
        const flags = bytes[at + 1]!;
        const part = (this.#all[this.blocks] ??= emptyPart());
        part.fork = flags & 0x0f;
        part.hasData = (flags & HAS_DATA) !== 0;
        part.dataBytes = bytes.readUInt16LE(at + 2);
        part.hasImage = (flags & HAS_IMAGE) !== 0;
        part.imageBytes = 0;
        at += 4;
        if (part.hasImage) {
          part.imageBytes = bytes.readUInt16LE(at);
          part.holeAt = bytes.readUInt16LE(at + 2);
          part.imageInfo = bytes[at + 4]!;
          at += 5;
          part.holeBytes = 0;
          if (part.imageInfo & COMPRESSED && part.imageInfo & HAS_HOLE) {
            part.holeBytes = bytes.readUInt16LE(at);
            at += 2;
          }
        }
        if (flags & SAME_REL) {
          if (!before) return false;
          part.tablespace = before.tablespace;
          part.database = before.database;
          part.file = before.file;
        } else {
          if (at + 16 > to) return false;
          part.tablespace = bytes.readUInt32LE(at);
          part.database = bytes.readUInt32LE(at + 4);
          part.file = bytes.readUInt32LE(at + 8);
          at += 12;
        }
        if (at + 4 > to) return false;
        part.block = bytes.readUInt32LE(at);
        at += 4;
        data += part.imageBytes + part.dataBytes;
        before = part;
        this.blocks++;
      }
    }
    if (at + data > to) return false;
    for (let i = 0; i < this.blocks; i++) {
      const part = this.#all[i]!;
      part.imageAt = at;
      at += part.imageBytes;
      part.dataAt = at;
      at += part.dataBytes;
    }
    this.mainAt = at;
    return true;
  }
}

function emptyPart(): BlockPart {
  return {
    tablespace: 0,
    database: 0,
    file: 0,
    fork: 0,
    block: 0,
    hasImage: false,
    imageInfo: 0,
    imageAt: 0,
    imageBytes: 0,
    holeAt: 0,
    holeBytes: 0,
    hasData: false,
    dataAt: 0,
    dataBytes: 0,
  };
}
