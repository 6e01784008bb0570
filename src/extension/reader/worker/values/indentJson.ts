/**
 * JSON with one member a line. Only white space changes: numbers keep their digits and members their order, which
 * parsing and writing again would not do.
 */
export function indentJson(text: string): string {
  const parts: string[] = [];
  let depth = 0;
  let indent = '\n';
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/gs)) {
    const first = token[0] as string;
    if (first === '{' || first === '[') {
      parts.push(token);
      indent = lineOf(++depth);
      parts.push(indent);
    } else if (first === '}' || first === ']') {
      depth = Math.max(0, depth - 1);
      // Nothing between the brackets: they stay together.
      const empty = parts.at(-1) === indent && /^[{[]$/.test(parts.at(-2) ?? '');
      indent = lineOf(depth);
      if (empty) parts.pop();
      else parts.push(indent);
      parts.push(token);
    } else if (first === ',') parts.push(token, indent);
    else if (first === ':') parts.push(': ');
    else parts.push(token);
  }
  return `${parts.join('')}\n`;
}

/** A hostile value may be nested a million deep: from here on no deeper. */
const deepest = 200;

function lineOf(depth: number): string {
  return `\n${'  '.repeat(Math.min(depth, deepest))}`;
}
