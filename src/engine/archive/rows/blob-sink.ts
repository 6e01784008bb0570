import type { Sink } from './sink';

/** A large object: any bytes, none too. */
export class BlobSink implements Sink {
  bytes = 0;

  push(part: Buffer): void {
    this.bytes += part.length;
  }

  end(): string[] {
    return [];
  }
}
