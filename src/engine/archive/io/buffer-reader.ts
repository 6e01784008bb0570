import { ByteReader } from './byte-reader';

/** Reads bytes that are in memory already. */
export class BufferReader extends ByteReader {
  readonly size: number | null;
  #bytes: Buffer | null;

  /** `size` as claimed, when the bytes are only the beginning of a longer sequence. */
  constructor(bytes: Buffer, size: number | null = bytes.length) {
    super();
    this.#bytes = bytes;
    this.size = size;
  }

  protected override async pull(): Promise<Buffer | null> {
    const bytes = this.#bytes;
    this.#bytes = null;
    return bytes;
  }

  protected override jump(): boolean {
    return false;
  }

  override async close(): Promise<void> {}
}
