/** A word, quoted name, string, number or single character of SQL text. */
export interface Token {
  type: 'word' | 'name' | 'string' | 'number' | 'meta' | 'other';
  /** Words in lower case; names unquoted; strings without quotes; else as written. */
  text: string;
  /** Where it begins and ends in the text. */
  start: number;
  end: number;
}

const SPACE = /(?:\s|--[^\n]*(?:\n|$))+/y;
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const NUMBER = /(?:\d[\w]*(?:\.[\w]*)?|\.\d+)/y;
const QUOTED_NAME = /(?:[Uu]&)?"([^"]*(?:""[^"]*)*)"/y;
const PLAIN_STRING = /(?:[NnBbXx]|[Uu]&)?'([^']*(?:''[^']*)*)'/y;
const ESCAPE_STRING = /[Ee]'([^'\\]*(?:(?:''|\\[\s\S])[^'\\]*)*)'/y;
const DOLLAR = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const META = /\\[^\n]*/y;

/**
 * Splits SQL text into tokens, without comments and blanks. For pieces of text of known size
 * (a statement, a file's head), not for whole dumps. What is open at the end of the text ends the tokens.
 */
export function* tokens(text: string, from = 0): Generator<Token> {
  let at = from;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  while (at < text.length) {
    const space = match(SPACE);
    if (space) {
      at += space[0].length;
      continue;
    }
    if (text.startsWith('/*', at)) {
      at = endOfComment(text, at);
      continue;
    }
    const start = at;
    const token = (type: Token['type'], value: string, length: number): Token => {
      at += length;
      return { type, text: value, start, end: at };
    };
    let found: RegExpExecArray | null;
    if ((found = match(QUOTED_NAME))) yield token('name', found[1]!.replaceAll('""', '"'), found[0].length);
    else if ((found = match(ESCAPE_STRING))) yield token('string', found[1]!, found[0].length);
    else if ((found = match(PLAIN_STRING)))
      yield token('string', found[1]!.replaceAll("''", "'"), found[0].length);
    else if ((found = match(DOLLAR))) {
      const close = text.indexOf(found[0], at + found[0].length);
      if (close < 0) return;
      yield token('string', text.slice(at + found[0].length, close), close + found[0].length - at);
    } else if ((found = match(WORD))) yield token('word', found[0].toLowerCase(), found[0].length);
    else if ((found = match(NUMBER))) yield token('number', found[0], found[0].length);
    else if ((found = match(META))) yield token('meta', found[0], found[0].length);
    else if (text[at] === "'" || text[at] === '"') return;
    else yield token('other', text[at]!, 1);
  }
}

/** Comments nest. */
function endOfComment(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('/*', at)) {
      depth++;
      at++;
    } else if (text.startsWith('*/', at)) {
      at++;
      if (--depth === 0) return at + 1;
    }
  }
  return text.length;
}
