/** Values a text refers to by name; undefined for a name that is not set. */
export type Lookup = (name: string) => string | undefined;

/** Deeper nesting than this is nobody's honest default. */
const deepest = 8;

/**
 * Replaces `$NAME` and `${NAME}` with compose's forms for defaults (`:-`, `-`, `:+`, `+`, `:?`, `?`); `$$` is a
 * dollar sign, https://docs.docker.com/reference/compose-file/interpolation/
 * @param bare whether `$NAME` without braces counts, or a name where it does
 */
export function interpolate(
  text: string,
  lookup: Lookup,
  bare: (name: string) => boolean = () => true,
  depth = 0,
): string {
  let result = '';
  for (let at = 0; at < text.length;) {
    if (text[at] !== '$') {
      result += text[at++];
      continue;
    }
    if (text[at + 1] === '$') {
      result += '$';
      at += 2;
      continue;
    }
    if (text[at + 1] === '{') {
      const end = closingBrace(text, at + 2);
      const inside = end < 0 ? null : /^(\w+)(?:(:?[-+?])(.*))?$/s.exec(text.slice(at + 2, end));
      if (inside && depth < deepest) {
        const [, name = '', operator, word = ''] = inside;
        result += expand(lookup(name), operator, () => interpolate(word, lookup, bare, depth + 1));
        at = end + 1;
        continue;
      }
    }
    const name = /^[A-Za-z_]\w*/.exec(text.slice(at + 1, at + 129))?.[0];
    if (name && bare(name)) {
      result += lookup(name) ?? '';
      at += 1 + name.length;
    } else result += text[at++];
  }
  return result;
}

function expand(value: string | undefined, operator: string | undefined, word: () => string): string {
  // With a colon an empty value counts as not set.
  const isSet = operator?.startsWith(':') ? Boolean(value) : value !== undefined;
  if (operator?.endsWith('-')) return isSet ? (value ?? '') : word();
  if (operator?.endsWith('+')) return isSet ? word() : '';
  return value ?? '';
}

function closingBrace(text: string, from: number): number {
  let open = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '$' && text[at + 1] === '{') open++;
    else if (text[at] === '}' && --open === 0) return at;
  }
  return -1;
}
