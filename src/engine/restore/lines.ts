import { Transform, type TransformCallback } from 'node:stream';

const newline = 0x0a;

/** Calls `onLine` with each line of a byte stream (without the newline); `false` ends the reading. */
export async function eachLine(
  stream: AsyncIterable<Buffer>,
  onLine: (line: Buffer, number: number) => boolean | void,
): Promise<void> {
  let rest: Buffer[] = [];
  let number = 0;
  for await (const chunk of stream) {
    let from = 0;
    for (let to = chunk.indexOf(newline); to !== -1; to = chunk.indexOf(newline, from)) {
      const part = chunk.subarray(from, to);
      const line = rest.length ? Buffer.concat([...rest, part]) : part;
      rest = [];
      from = to + 1;
      if (onLine(line, ++number) === false) return;
    }
    // Only beginnings of lines matter to the callers: a row of a gigabyte is not gathered.
    if (from < chunk.length && rest.reduce((sum, part) => sum + part.length, 0) < 65_536)
      rest.push(chunk.subarray(from));
  }
  if (rest.length) onLine(Buffer.concat(rest), number + 1);
}

/** A script on its way into psql: some lines are left out, and lines know their entries. */
export interface ScriptFeed {
  transform: Transform;
  /** The entry of pg_dump's comments a line belongs to, as far as the script has been fed. */
  entryAtLine(line: number): string | null;
}

/**
 * `omit`: lines (from 1) fed as empty lines. Entry comments (`-- Name: x; Type: y; …`) are noted on the way,
 * not inside COPY data.
 */
export function scriptFeed(omit: readonly number[] = []): ScriptFeed {
  const omitted = new Set(omit);
  const marks: { line: number; entry: string }[] = [];
  let number = 1;
  /** Beginning of a line whose end has not come yet; bounded, rows can be long. */
  let head: Buffer[] = [];
  let headBytes = 0;
  let inCopy = false;

  const note = (line: Buffer): void => {
    if (inCopy) {
      if (line[0] === 0x5c && line[1] === 0x2e && line.length <= 3) inCopy = false;
    } else if (line[0] === 0x2d && line[1] === 0x2d) {
      const entry = entryOfComment(line.toString('utf8'));
      if (entry !== null) marks.push({ line: number, entry });
    } else if (line[0] === 0x43 && line.subarray(0, 5).toString() === 'COPY ') {
      inCopy = /FROM stdin;\r?$/.test(line.subarray(-16).toString());
    }
  };
  const transform = new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      // What lies between omitted lines goes on in one piece.
      let sent = 0;
      let from = 0;
      for (let to = chunk.indexOf(newline); to !== -1; to = chunk.indexOf(newline, from)) {
        const part = chunk.subarray(from, to);
        note(headBytes ? Buffer.concat([...head, part]) : part);
        head = [];
        headBytes = 0;
        if (omitted.has(number)) {
          if (from > sent) this.push(chunk.subarray(sent, from));
          sent = to;
        }
        number++;
        from = to + 1;
      }
      const rest = chunk.subarray(from);
      if (rest.length && headBytes < 65_536) {
        head.push(rest);
        headBytes += rest.length;
      }
      const end = omitted.has(number) ? from : chunk.length;
      if (end > sent) this.push(chunk.subarray(sent, end));
      done();
    },
  });
  return {
    transform,
    entryAtLine(line) {
      let low = 0;
      let high = marks.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (marks[middle]!.line <= line) low = middle + 1;
        else high = middle;
      }
      return marks[low - 1]?.entry ?? null;
    },
  };
}

/** `-- Data for Name: x; Type: TABLE DATA; Schema: s; Owner: o` → `TABLE DATA s x o`; null for other comments. */
export function entryOfComment(line: string): string | null {
  const found = /^-- (?:Data for |Statistics for )?Name: (.*)$/s.exec(line.trimEnd());
  if (!found) return null;
  // Names may hold `; Type: ` themselves: split from the right.
  let rest = found[1]!;
  const cut = (label: string): string | null => {
    const at = rest.lastIndexOf(label);
    if (at === -1) return null;
    const value = rest.slice(at + label.length);
    rest = rest.slice(0, at);
    return value;
  };
  cut('; Tablespace: ');
  const owner = cut('; Owner: ');
  const schema = cut('; Schema: ');
  const type = cut('; Type: ');
  if (owner === null || schema === null || type === null) return null;
  return [type, schema, rest, owner].filter((part) => part && part !== '-').join(' ');
}
