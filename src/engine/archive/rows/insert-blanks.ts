/** Behind blanks and comments; null when a comment is not complete. */
export function skipBlanks(bytes: Buffer, from: number): number | null {
  let at = from;
  while (at < bytes.length) {
    const byte = bytes[at]!;
    if (byte === 32 || (byte >= 9 && byte <= 13)) at++;
    else if (byte === 45 || byte === 47) {
      if (at + 1 >= bytes.length) return null;
      if (byte === 45 && bytes[at + 1] === 45) {
        const end = bytes.indexOf(10, at);
        if (end < 0) return null;
        at = end + 1;
      } else if (byte === 47 && bytes[at + 1] === 42) {
        const end = commentEnd(bytes, at);
        if (end < 0) return null;
        at = end;
      } else return at;
    } else return at;
  }
  return at;
}

/** Comments nest. */
function commentEnd(bytes: Buffer, from: number): number {
  let depth = 0;
  for (let at = from; at + 1 < bytes.length; at++) {
    if (bytes[at] === 47 && bytes[at + 1] === 42) {
      depth++;
      at++;
    } else if (bytes[at] === 42 && bytes[at + 1] === 47) {
      at++;
      if (--depth === 0) return at + 1;
    }
  }
  return -1;
}
