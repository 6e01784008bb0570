import { Transform } from 'node:stream';
import { TextDecoder } from 'node:util';
import type { Wrapper } from './types';

/** UTF-16 with a byte order mark, as Windows PowerShell's `>` writes: text comes out as UTF-8. */
export const utf16: Wrapper = {
  name: 'utf16',
  matches: (head) =>
    head.length >= 2 && ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)),
  unwrap() {
    let decoder: TextDecoder | undefined;
    let first = Buffer.alloc(0);
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        if (!decoder) {
          first = Buffer.concat([first, chunk]);
          if (first.length < 2) return done();
          decoder = new TextDecoder(first[0] === 0xff ? 'utf-16le' : 'utf-16be');
          chunk = first;
        }
        done(null, Buffer.from(decoder.decode(chunk, { stream: true })));
      },
      flush(done) {
        done(null, Buffer.from(decoder?.decode() ?? ''));
      },
    });
  },
};
