const LF = 10;

/** Lines without their line feeds, valid until the next is asked for. What follows the last line feed is none. */
export async function* linesOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const piece of pieces) {
    let from = 0;
    for (let lf = piece.indexOf(LF); lf >= 0; lf = piece.indexOf(LF, from)) {
      const end = piece.subarray(from, lf);
      yield rest.length > 0 ? Buffer.concat([...rest, end]) : end;
      if (rest.length > 0) rest = [];
      from = lf + 1;
    }
    if (from < piece.length) rest.push(Buffer.from(piece.subarray(from)));
  }
}
