/** A stretch of a value as it is drawn. */
export interface TextPiece {
  text: string;
  /** Stands for something that cannot be seen: `\x80` a byte that does not decode, `⏎` a line feed, `·` a blank. */
  sign: boolean;
}

const named: Record<string, string> = { '\n': '⏎', '\t': '⇥', '\r': '\\r', '\u2028': '⏎', '\u2029': '¶' };

/**
 * What must not be drawn as it is: controls, marks that turn the direction of writing around or take no room, tags,
 * halves of pairs (bytes that do not decode are U+DC80 … U+DCFF), and blanks at either end.
 */
const unseen =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}|^ +| +$/gu;

/** Cuts a value into what can be seen and signs for what cannot, so that two different values never look the same. */
export function visiblePieces(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const { 0: match, index } of text.matchAll(unseen)) {
    if (index > end) pieces.push({ text: text.slice(end, index), sign: false });
    pieces.push({ text: signOf(match), sign: true });
    end = index + match.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), sign: false });
  return pieces;
}

/** The same as one text, for places that take no markup: labels, announcements. */
export function visibleText(text: string): string {
  return visiblePieces(text)
    .map((piece) => piece.text)
    .join('');
}

/** Only the bytes that do not decode made visible: for documents, which show everything else themselves. */
export function visibleBytes(text: string): string {
  return text.replace(/[\udc80-\udcff]/gu, signOf);
}

function signOf(match: string): string {
  if (match.startsWith(' ')) return '·'.repeat(match.length);
  const known = named[match];
  if (known) return known;
  const code = match.codePointAt(0)!;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  const hex = code.toString(16);
  // Pictures of controls (U+2400 and on) are missing in many fonts.
  if (code < 0x80) return `\\x${hex.padStart(2, '0')}`;
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}
