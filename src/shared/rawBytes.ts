/**
 * Bytes of a dump that do not decode come as U+DC80 … U+DCFF. Shown, each is `\xNN`, which a person can read and a
 * font can draw.
 */
export function visibleBytes(text: string): string {
  return text.replace(LONE, (character) => `\\x${(character.charCodeAt(0) - 0xdc00).toString(16)}`);
}

/** Whether a text holds such bytes. */
export function hasRawBytes(text: string): boolean {
  return text.search(LONE) >= 0;
}

/** With the flag u a pair of surrogates is one character: only lone ones fit. */
const LONE = /[\udc80-\udcff]/gu;
