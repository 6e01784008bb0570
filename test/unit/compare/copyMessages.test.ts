import assert from 'node:assert/strict';
import { CopyMessages } from '../../../src/engine/compare/sides/copyMessages';
import { seededRandom } from '../../support/random';

function message(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}

/** What is taken out of parts of any size. */
function unwrapped(parts: Iterable<Buffer>): { rows: Buffer; rest: Buffer | null } {
  const messages = CopyMessages.take();
  const rows: Buffer[] = [];
  let lent: { piece: Buffer; copy: Buffer } | null = null;
  const take = (): void => {
    // What was given on stays as it is until the next is taken.
    if (lent) assert.deepEqual(lent.piece, lent.copy);
    const piece = messages.take();
    lent = piece && { piece, copy: Buffer.from(piece) };
    if (lent) rows.push(lent.copy);
  };
  for (const part of parts)
    for (let at = 0; at < part.length && !messages.rest;) {
      const taken = messages.push(part.subarray(at));
      assert.ok(taken > 0 || messages.full);
      at += taken;
      if (messages.full) take();
    }
  take();
  messages.release();
  return { rows: Buffer.concat(rows), rest: messages.rest };
}

describe('rows in messages', () => {
  it('are taken out, whatever the borders of what comes', () => {
    const random = seededRandom(3);
    const below = (most: number): number => Math.floor(random() * most);
    for (let n = 0; n < 40; n++) {
      const most = [7, 900, 65_536, 400_000][n % 4]!;
      const rows = Array.from({ length: below(most < 900 ? 300 : 3000) }, () =>
        Buffer.alloc(
          random() < 0.01 ? below(Math.min(most * 100, 300_000)) : below(random() < 0.1 ? 3000 : 90),
          97 + below(26),
        ),
      );
      const others = [
        message('N', Buffer.alloc(below(200), 'd')),
        message('S', Buffer.from('TimeZone\0UTC\0')),
        message('A', Buffer.alloc(12)),
      ];
      const behind = Buffer.concat([message('C', Buffer.from('COPY 1\0')), message('Z', Buffer.from('I'))]);
      const all = Buffer.concat([
        message('H', Buffer.alloc(7)),
        ...rows.flatMap((row) =>
          random() < 0.01 ? [others[below(3)]!, message('d', row)] : [message('d', row)],
        ),
        message('c', Buffer.alloc(0)),
        behind,
      ]);
      const parts: Buffer[] = [];
      for (let at = 0; at < all.length;) parts.push(all.subarray(at, (at += 1 + below(most))));
      const found = unwrapped(parts);
      assert.deepEqual(found.rows, Buffer.concat(rows));
      assert.ok(found.rest);
      assert.deepEqual(behind.subarray(0, found.rest.length), found.rest);
    }
  }).timeout(30_000);

  it('end where the server says what is wrong, which is left as it came', () => {
    const failure = message('E', Buffer.from('SERROR\0\0'));
    const all = Buffer.concat([
      message('H', Buffer.alloc(7)),
      message('d', Buffer.from('1\ta\n')),
      failure,
      message('Z', Buffer.from('E')),
    ]);
    for (let cut = 1; cut < all.length; cut++) {
      const { rows, rest } = unwrapped([all.subarray(0, cut), all.subarray(cut)]);
      assert.equal(rows.toString(), '1\ta\n');
      assert.ok(rest && all.subarray(21).subarray(0, rest.length).equals(rest));
      assert.ok(rest.length >= 5);
    }
  });
});
