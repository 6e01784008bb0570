import { CopyCounter } from '../rows/copy-counter';
import type { CopyReader } from './copy-skipper';

/** Reads COPY data to its end with a look at every row's columns. */
export class CopyColumns extends CopyCounter implements CopyReader {
  read(data: Buffer, from: number): number {
    const end = this.consume(data, from);
    return end < 0 ? ~data.length : end;
  }
}
