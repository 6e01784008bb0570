import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { eachLine, entryOfComment, scriptFeed } from '../../../src/engine/restore/lines';

const script = `--
-- Name: t; Type: TABLE; Schema: public; Owner: app
--

SET transaction_timeout = 0;
CREATE TABLE public.t (a text);
COPY public.t (a) FROM stdin;
-- Name: not; Type: TABLE; Schema: an; Owner: entry
SET transaction_timeout = 0;
\\.

--
-- Data for Name: odd; Type: x; Type: TABLE DATA; Schema: s; Owner: -
--
last line without end`;

/** The text in chunks of a size, to meet every border. */
function chunks(text: string, size: number): Readable {
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) parts.push(bytes.subarray(at, at + size));
  return Readable.from(parts);
}

describe('a script on its way into psql', () => {
  for (const size of [1, 2, 3, 7, 50, 100_000]) {
    it(`leaves out lines and keeps all others, in chunks of ${size}`, async () => {
      const feed = scriptFeed([5, 14]);
      const fed = (await buffer(chunks(script, size).pipe(feed.transform))).toString();
      const expected = script.split('\n').map((line, i) => (i === 4 || i === 13 ? '' : line));
      assert.equal(fed, expected.join('\n'));
    });

    it(`knows the entry of a line, in chunks of ${size}`, async () => {
      const feed = scriptFeed();
      assert.equal((await buffer(chunks(script, size).pipe(feed.transform))).toString(), script);
      assert.equal(feed.entryAtLine(1), null);
      assert.equal(feed.entryAtLine(6), 'TABLE public t app');
      assert.equal(feed.entryAtLine(9), 'TABLE public t app');
      assert.equal(feed.entryAtLine(15), 'TABLE DATA s odd; Type: x');
    });

    it(`reads lines and stops when told, in chunks of ${size}`, async () => {
      const seen: string[] = [];
      await eachLine(chunks(script, size), (line, number) => {
        seen.push(line.toString());
        return number < 6;
      });
      assert.deepEqual(seen, script.split('\n').slice(0, 6));
    });
  }

  it('splits entry comments from the right', () => {
    assert.equal(
      entryOfComment(
        '-- Name: a; Type: b; Schema: c; Type: TABLE; Schema: public; Owner: app; Tablespace: fast',
      ),
      'TABLE public a; Type: b; Schema: c app',
    );
    assert.equal(entryOfComment('-- Name: what a comment says'), null);
    assert.equal(entryOfComment('-- Dumped from database version 15'), null);
  });
});
