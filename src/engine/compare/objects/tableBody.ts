import { tokens, type Token } from '../../archive/comparing';

/** A column or constraint between the parentheses of CREATE TABLE. */
export interface BodyItem {
  kind: 'column' | 'constraint';
  /** Of a column, or of a named constraint. */
  name: string | null;
  text: string;
}

/** A CREATE TABLE statement in parts. */
export interface TableBody {
  /** Before and behind the parentheses: what a table is, partitioning, inheritance, storage parameters. */
  head: string;
  tail: string;
  items: BodyItem[];
}

const CONSTRAINT = new Set(['constraint', 'check', 'unique', 'primary', 'foreign', 'exclude', 'like', 'not']);

/** Null where the statement lists no columns (`PARTITION OF`, `OF type`). */
export function tableBody(definition: string): TableBody | null {
  const words = [...tokens(definition)];
  const open = words.findIndex(({ type, text }) => type === 'other' && text === '(');
  const kind = words
    .slice(0, open)
    .some(({ type, text }) => type === 'word' && (text === 'of' || text === 'as'));
  if (open < 0 || kind) return null;
  const items: BodyItem[] = [];
  let depth = 0;
  let from = open + 1;
  let at = open;
  const end = (to: number): void => {
    if (to > from) items.push(item(words.slice(from, to), definition));
    from = to + 1;
  };
  for (; at < words.length; at++) {
    const { type, text } = words[at]!;
    if (type !== 'other') continue;
    if (text === '(' || text === '[') depth++;
    else if (text === ')' || text === ']') {
      if (--depth === 0) break;
    } else if (text === ',' && depth === 1) end(at);
  }
  end(at);
  const close = words[at];
  if (!close) return null;
  return {
    head: definition.slice(0, words[open]!.start).trim(),
    tail: definition.slice(close.end).trim(),
    items,
  };
}

function item(words: Token[], definition: string): BodyItem {
  const [first, second] = words as [Token, Token | undefined];
  const text = definition.slice(first.start, words.at(-1)!.end);
  if (first.type === 'word' && CONSTRAINT.has(first.text))
    return { kind: 'constraint', name: first.text === 'constraint' ? (second?.text ?? null) : null, text };
  return { kind: 'column', name: first.text, text };
}

/** A column's clauses, as pg_dump writes them. */
export interface ColumnClauses {
  type: string;
  collation: string | null;
  default: string | null;
  generated: string | null;
  identity: string | null;
  notNull: boolean;
  /** Anything else that was met: nothing is known of it. */
  other: string | null;
}

const CLAUSE = new Set([
  'collate',
  'default',
  'generated',
  'constraint',
  'not',
  'null',
  'storage',
  'compression',
  'options',
]);

export function columnClauses({ text }: BodyItem): ColumnClauses {
  const words = [...tokens(text)];
  const clauses: ColumnClauses = {
    ...{
      type: '',
      collation: null,
      default: null,
      generated: null,
      identity: null,
      notNull: false,
      other: null,
    },
  };
  const isClause = (index: number): boolean => {
    const word = words[index];
    return word?.type === 'word' && CLAUSE.has(word.text);
  };
  /** The text from a word up to the next clause outside of parentheses. */
  const upToClause = (from: number): { text: string; next: number } => {
    let depth = 0;
    let next = from;
    for (; next < words.length; next++) {
      const { type, text: word } = words[next]!;
      if (type === 'other' && (word === '(' || word === '[')) depth++;
      else if (type === 'other' && (word === ')' || word === ']')) depth--;
      else if (depth === 0 && next > from && isClause(next)) break;
    }
    return { text: next > from ? text.slice(words[from]!.start, words[next - 1]!.end) : '', next };
  };
  const type = isClause(1) ? { text: '', next: 1 } : upToClause(1);
  clauses.type = type.text;
  for (let at = type.next; at < words.length;) {
    const word = words[at]!.text;
    if (word === 'constraint') {
      at += 2;
      continue;
    }
    if (word === 'not' && words[at + 1]?.text === 'null') {
      clauses.notNull = true;
      at += 2;
      // NO INHERIT and the like.
      continue;
    }
    if (word === 'null') {
      at++;
      continue;
    }
    const { text: rest, next } = upToClause(at + 1);
    if (word === 'collate') clauses.collation = rest;
    else if (word === 'default') clauses.default = rest;
    else if (word === 'generated') {
      if (/\bAS IDENTITY\b/i.test(rest)) clauses.identity = rest;
      else clauses.generated = rest;
    } else clauses.other = `${clauses.other ?? ''} ${word} ${rest}`.trim();
    at = Math.max(next, at + 1);
  }
  return clauses;
}
