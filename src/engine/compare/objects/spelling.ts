import * as l10n from '@vscode/l10n';
import { tokens, type Token } from '../../archive/comparing';

/** A difference that is one of spelling only. */
interface Rule {
  name: string;
  text: () => string;
  /** Kinds whose statements it is about. */
  kinds: RegExp;
  /** Whether the majors of the two sides can be the reason; `low` is not above `high`. */
  between(low: number, high: number): boolean;
  /** The statement without what is spelled differently. */
  apply(words: Token[]): Token[];
}

/** What majors of PostgreSQL print in different ways, each with the release that began it. */
const rules: Rule[] = [
  {
    name: 'notNullNames',
    text: () => l10n.t('PostgreSQL 18 names NOT NULL constraints.'),
    kinds: /^(?:TABLE|FOREIGN TABLE)$/,
    between: (low, high) => low < 18 && high >= 18,
    apply: (words) =>
      words.filter((_, at) => {
        const name = (from: number): boolean =>
          is(words, from, 'constraint') && is(words, from + 2, 'not') && is(words, from + 3, 'null');
        return !name(at) && !name(at - 1);
      }),
  },
  {
    name: 'notNullNumbers',
    text: () => l10n.t('Names that the server gave NOT NULL constraints are not compared.'),
    kinds: /^(?:TABLE|FOREIGN TABLE)$/,
    between: (_, high) => high >= 18,
    apply: (words) => {
      const given = (at: number): boolean =>
        is(words, at, 'constraint') &&
        /_not_null\d+$/.test(words[at + 1]?.text ?? '') &&
        is(words, at + 2, 'not');
      return words.filter((_, at) => !given(at) && !given(at - 1));
    },
  },
  {
    name: 'membershipOptions',
    text: () => l10n.t('PostgreSQL 16 and later tell the options of role memberships.'),
    kinds: /^ROLE MEMBERSHIP$/,
    between: (low, high) => low < 16 && high >= 16,
    apply: (words) => {
      const end = words.findIndex((_, at) => is(words, at, 'with') || is(words, at, 'granted'));
      return end < 0 ? words : words.slice(0, end);
    },
  },
  {
    name: 'columnQualifiers',
    text: () => l10n.t('Majors differ in whether columns of a view of one table are written with its name.'),
    kinds: /^(?:VIEW|MATERIALIZED VIEW|RULE|POLICY|TRIGGER)$/,
    between: (low, high) => low !== high,
    apply: withoutQualifiers,
  },
  {
    name: 'allPrivileges',
    text: () =>
      l10n.t(
        'Clients of PostgreSQL 17 and later list the privileges of older servers, where older ones write ALL.',
      ),
    kinds: /^(?:TABLE|VIEW|MATERIALIZED VIEW|FOREIGN TABLE|DEFAULT ACL|ACL)$/,
    // MAINTAIN came with 17.
    between: (low) => low < 17,
    apply: withAllPrivileges,
  },
  {
    name: 'subscriptionDefaults',
    text: () => l10n.t('Newer clients write what an older server’s subscriptions do by default.'),
    kinds: /^SUBSCRIPTION$/,
    between: (low) => low < 18,
    apply: (words) => {
      const option = (at: number): boolean =>
        words[at]?.text === ',' &&
        ((is(words, at + 1, 'streaming') && is(words, at + 3, 'off')) ||
          (is(words, at + 1, 'run_as_owner') && is(words, at + 3, 'true')));
      return words.filter((_, at) => ![0, 1, 2, 3].some((back) => option(at - back)));
    },
  },
  {
    name: 'onlyOfForeignTables',
    text: () => l10n.t('Newer clients write ONLY before a foreign table whose columns they change.'),
    kinds: /^FOREIGN TABLE$/,
    between: () => true,
    apply: (words) => words.filter((_, at) => !(is(words, at, 'only') && is(words, at - 1, 'table'))),
  },
];

const ALL_OF_TABLES = ['delete', 'insert', 'references', 'select', 'trigger', 'truncate', 'update'].join();

/** `GRANT SELECT,INSERT,… ON` with all there are as `GRANT ALL ON`. */
function withAllPrivileges(words: Token[]): Token[] {
  const made: Token[] = [];
  for (let at = 0; at < words.length; at++) {
    made.push(words[at]!);
    if (!is(words, at, 'grant') && !is(words, at, 'revoke')) continue;
    const on = words.findIndex((_, index) => index > at && is(words, index, 'on'));
    const listed = words.slice(at + 1, Math.max(on, at + 1)).filter(({ text }) => text !== ',');
    if (
      listed
        .map(({ text }) => text)
        .sort()
        .join() !== ALL_OF_TABLES
    )
      continue;
    made.push({ ...listed[0]!, text: 'all' });
    at = on - 1;
  }
  return made;
}

function is(words: readonly Token[], at: number, text: string): boolean {
  return words[at]?.type === 'word' && words[at].text === text;
}

function isName(word: Token | undefined): boolean {
  return word?.type === 'word' || word?.type === 'name';
}

/** A SELECT with the tokens that are its own, not those of SELECTs in it. */
interface Scope {
  tokens: { at: number; depth: number }[];
  depth: number;
}

/** Leaves the qualifiers out where a SELECT reads one table only: there they can only be its name. */
function withoutQualifiers(words: Token[]): Token[] {
  const gone = new Set<number>();
  for (const { tokens, depth } of scopesOf(words)) {
    const own = (at: number, text: string): boolean => is(words, tokens[at]!.at, text);
    const from = tokens.flatMap((token, index) =>
      token.depth === depth && own(index, 'from') ? [index] : [],
    );
    if (from.length !== 1 || tokens.some((_, index) => own(index, 'join'))) continue;
    const isEnd = (index: number): boolean => CLAUSES.some((word) => own(index, word));
    let end = from[0]! + 1;
    while (end < tokens.length && !(tokens[end]!.depth === depth && isEnd(end))) end++;
    const of = tokens.slice(from[0], end);
    if (of.some((token) => token.depth === depth && words[token.at]!.text === ',')) continue;
    const inFrom = new Set(of.map(({ at }) => at));
    for (const { at } of tokens)
      if (
        !inFrom.has(at) &&
        isName(words[at]) &&
        words[at + 1]?.text === '.' &&
        isName(words[at + 2]) &&
        words[at + 3]?.text !== '(' &&
        words[at - 1]?.text !== '.' &&
        words[at - 1]?.text !== ':'
      ) {
        gone.add(at);
        gone.add(at + 1);
      }
  }
  return gone.size > 0 ? words.filter((_, at) => !gone.has(at)) : words;
}

const CLAUSES = [
  'where',
  'group',
  'order',
  'having',
  'limit',
  'offset',
  'window',
  'union',
  'intersect',
  'except',
];

function scopesOf(words: readonly Token[]): Scope[] {
  const scopes: Scope[] = [];
  /** The SELECT each open parenthesis stands in, the innermost last. */
  const open: (Scope | null)[] = [null];
  for (let at = 0; at < words.length; at++) {
    const { type, text } = words[at]!;
    const depth = open.length;
    if (type === 'other' && text === '(') open.push(open.at(-1)!);
    else if (type === 'other' && text === ')') {
      if (open.length > 1) open.pop();
    } else if (is(words, at, 'select')) {
      const scope: Scope = { tokens: [], depth };
      scopes.push(scope);
      open[open.length - 1] = scope;
    }
    open.at(-1)?.tokens.push({ at, depth });
  }
  return scopes;
}

/** A statement as its tokens, so that blanks and comments do not count; strings and quoted names are as written. */
function textOf(words: readonly Token[], squeeze: boolean): string {
  return words
    .map(({ type, text }) => {
      if (type === 'string') return `'${squeeze ? text.replaceAll(/\s+/g, ' ').trim() : text}'`;
      return isName({ type, text } as Token) ? `"${text}"` : text;
    })
    .join(' ');
}

export interface Spelled {
  same: boolean;
  /** Names of the rules without which they would differ. */
  rules: string[];
}

/** Whether two statements of a kind say the same, and what had to be made alike for that. */
export function sameStatement(
  kind: string,
  [left, right]: [string, string],
  majors: readonly [number, number],
  { whitespace = false } = {},
): Spelled {
  if (left === right) return { same: true, rules: [] };
  const words: [Token[], Token[]] = [[...tokens(left)], [...tokens(right)]];
  const text = (side: 0 | 1): string => textOf(words[side], whitespace);
  if (text(0) === text(1)) return { same: true, rules: [] };
  const [low, high] = [Math.min(...majors), Math.max(...majors)];
  const applied: string[] = [];
  for (const rule of rules) {
    if (!rule.kinds.test(kind) || low === 0 || !rule.between(low, high)) continue;
    const before = [text(0), text(1)];
    words[0] = rule.apply(words[0]);
    words[1] = rule.apply(words[1]);
    if (text(0) !== before[0] || text(1) !== before[1]) applied.push(rule.name);
    if (text(0) === text(1)) return { same: true, rules: applied };
  }
  return { same: false, rules: [] };
}

/** What a rule makes alike, a sentence. */
export function ruleText(name: string): string {
  return rules.find((rule) => rule.name === name)?.text() ?? name;
}
