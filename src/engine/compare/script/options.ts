import { tokens } from '../../archive/comparing';
import { quoteIdent, quoteLiteral } from '../../quote';

/**
 * The statement that gives a server, wrapper or user mapping the options of another of the same name: `ALTER SERVER s OPTIONS (SET
 * host 'b', DROP port)`. Null where they differ in more than their options.
 */
export function alteredOptions(from: string, to: string, subject: string): string | null {
  const [old, wanted] = [optionsOf(from), optionsOf(to)];
  if (old.head !== wanted.head) return null;
  const changes = [
    ...[...old.options.keys()]
      .filter((name) => !wanted.options.has(name))
      .map((name) => `DROP ${quoteIdent(name)}`),
    ...[...wanted.options]
      .filter(([name, value]) => old.options.get(name) !== value)
      .map(
        ([name, value]) =>
          `${old.options.has(name) ? 'SET' : 'ADD'} ${quoteIdent(name)} ${quoteLiteral(value)}`,
      ),
  ];
  return `ALTER ${subject} OPTIONS (${changes.join(', ')});`;
}

/** What stands before OPTIONS, as words, and the options by name. */
function optionsOf(definition: string): { head: string; options: Map<string, string> } {
  const words = [...tokens(definition)].filter(({ text }) => text !== ';');
  const at = words.findIndex(
    ({ type, text }, index) => type === 'word' && text === 'options' && words[index + 1]?.text === '(',
  );
  const options = new Map<string, string>();
  const listed = at < 0 ? [] : words.slice(at + 2);
  for (const [index, { type, text }] of listed.entries()) {
    const value = listed[index + 1];
    if ((type === 'word' || type === 'name') && value?.type === 'string') options.set(text, value.text);
  }
  const head = at < 0 ? words : words.slice(0, at);
  return { head: head.map(({ text }) => text).join(' '), options };
}
