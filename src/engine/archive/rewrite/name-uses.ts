import { tokens, type Token } from '../sql/tokens';
import type { KnownNames } from './names';

/** A name somewhere in a statement, and where it stands. */
export interface NameUse {
  /** `own`: the name of an index or constraint, which is in the schema of its table. */
  kind: 'schema' | 'object' | 'own' | 'role';
  name: string;
  /** Of objects. */
  schema: string | null;
  start: number;
  end: number;
  /** Inside of a string: written without the quotes of a name where it is a value by itself. */
  within: 'sql' | 'string' | 'value';
}

export interface NameUses {
  uses: NameUse[];
  /** There are texts this reader does not look into, a function's body in another language, that name a known schema. */
  unread: boolean;
}

const REG = /^reg(?:class|type|proc|procedure|oper|operator|config|dictionary|collation|namespace)$/;
const SEQUENCE_CALLS = new Set(['setval', 'nextval', 'currval']);
const OPERATOR = /^[-+*/<>=~!@#%^&|`?]$/;
const ROLE_WORDS = new Set(['to', 'from', 'role', 'authorization', 'by', 'for', 'user']);
/** Kinds whose statements are about roles; in others the same words mean other things. */
const ABOUT_ROLES = /^(?:ACL|DEFAULT ACL|POLICY|USER MAPPING|SCHEMA|ROLE MEMBERSHIP)$/;
const READ_LANGUAGES = new Set(['sql', 'plpgsql']);

/**
 * Finds the names in a statement of pg_dump, where every name has its schema: qualified ones that are known, schemas by
 * themselves, the own names of indexes and constraints, and roles. Reads SQL by its lexer, functions' bodies (SQL and
 * PL/pgSQL) and names in strings (`'app.orders'::regclass`) too.
 */
export function nameUses(text: string, kind: string, known: KnownNames): NameUses {
  const finder = new Finder(kind, known);
  finder.read(text, 0, 'sql');
  return { uses: finder.uses.sort((a, b) => a.start - b.start), unread: finder.unread };
}

class Finder {
  readonly uses: NameUse[] = [];
  unread = false;
  readonly #kind: string;
  readonly #known: KnownNames;

  constructor(kind: string, known: KnownNames) {
    this.#kind = kind;
    this.#known = known;
  }

  read(text: string, offset: number, within: NameUse['within']): void {
    const all = [...tokens(text)];
    const use = (found: Token, kind: NameUse['kind'], schema: string | null = null): void =>
      void this.uses.push({
        ...{ kind, name: found.text, schema, within },
        ...{ start: offset + found.start, end: offset + found.end },
      });
    const isWord = (at: number, word: string): boolean => all[at]?.type === 'word' && all[at].text === word;
    const isMark = (at: number, mark: string): boolean => all[at]?.type === 'other' && all[at].text === mark;
    for (let at = 0; at < all.length; at++) {
      const token = all[at]!;
      if (token.type === 'string') {
        this.#string(text, offset, all, at);
        continue;
      }
      if (!isName(token)) continue;
      if (isMark(at - 1, '.')) continue;
      const object = isMark(at + 1, '.') ? all[at + 2] : undefined;
      if (object && this.#qualifies(token.text, object)) {
        use(token, 'schema');
        if (isName(object)) use(object, 'object', token.text);
        at += 2;
        continue;
      }
      if (object) continue;
      if (token.type === 'word' && token.text === 'schema') {
        for (let next = at + 1; all[next] && isName(all[next]!); next += 2) {
          if (this.#known.schemas.has(all[next]!.text)) use(all[next]!, 'schema');
          if (!isMark(next + 1, ',')) break;
        }
      } else if (isWord(at, 'search_path') && (isMark(at + 1, '=') || isWord(at + 1, 'to')))
        this.#searchPath(offset, all, at + 2, text);
      else if (
        (isWord(at - 1, 'constraint') && !isWord(at, 'trigger')) ||
        (isWord(at - 1, 'index') && /^(?:create|unique|using)$/.test(all[at - 2]?.text ?? '')) ||
        (isWord(at - 1, 'on') && isWord(at - 2, 'cluster'))
      )
        use(token, 'own');
      if (
        (isWord(at, 'owner') && isWord(at + 1, 'to')) ||
        (ABOUT_ROLES.test(this.#kind) && token.type === 'word' && ROLE_WORDS.has(token.text))
      ) {
        if (isWord(at, 'owner')) at++;
        for (let next = at + 1; all[next] && isName(all[next]!); next += 2) {
          if (isWord(next, 'role') || isWord(next, 'user')) break;
          use(all[next]!, 'role');
          if (!isMark(next + 1, ',')) break;
        }
      }
    }
  }

  #qualifies(schema: string, object: Token): boolean {
    if (object.type === 'other') return OPERATOR.test(object.text) && this.#known.schemas.has(schema);
    return isName(object) && this.#known.has(schema, object.text);
  }

  /** Strings that hold names, and functions' bodies. */
  #string(text: string, offset: number, all: Token[], at: number): void {
    const token = all[at]!;
    const raw = text.slice(token.start, token.end);
    const before = (back: number): string => all[at - back]?.text ?? '';
    if (raw.startsWith('$')) {
      const tag = raw.indexOf('$', 1) + 1;
      if (before(1) !== 'as' && this.#kind !== 'DO') return;
      if (READ_LANGUAGES.has(languageOf(all))) this.read(token.text, offset + token.start + tag, 'sql');
      else this.unread ||= [...this.#known.schemas].some((schema) => token.text.includes(`${schema}.`));
      return;
    }
    // Where quotes are doubled or escaped, positions are not those of the text.
    if (raw !== `'${token.text}'`) return;
    const cast = all[at + 1]?.text === ':' && all[at + 2]?.text === ':' && REG.test(all[at + 3]?.text ?? '');
    const call = before(1) === '(' && SEQUENCE_CALLS.has(before(2));
    if (cast || call) this.read(token.text, offset + token.start + 1, 'string');
    else if (before(1) === ',' && before(2) === 'schemaname') this.#value(offset, token, 'schema');
    else if (before(1) === ',' && before(2) === 'relname') this.#value(offset, token, 'object', before(5));
  }

  #value(offset: number, token: Token, kind: 'schema' | 'object', schema: string | null = null): void {
    const { text: name, start, end } = token;
    this.uses.push({ kind, name, schema, start: offset + start + 1, end: offset + end - 1, within: 'value' });
  }

  #searchPath(offset: number, all: Token[], from: number, text: string): void {
    for (let at = from; all[at]; at += 2) {
      const token = all[at]!;
      if (this.#known.schemas.has(token.text)) {
        if (token.type === 'string' && text.slice(token.start, token.end) === `'${token.text}'`)
          this.#value(offset, token, 'schema');
        else if (isName(token))
          this.uses.push({
            ...{ kind: 'schema', name: token.text, schema: null, within: 'sql' },
            ...{ start: offset + token.start, end: offset + token.end },
          });
      }
      if (all[at + 1]?.text !== ',') return;
    }
  }
}

function isName({ type }: Token): boolean {
  return type === 'word' || type === 'name';
}

/** The language a function is written in. */
function languageOf(all: readonly Token[]): string {
  const at = all.findIndex(({ type, text }) => type === 'word' && text === 'language');
  return at < 0 ? '' : (all[at + 1]?.text ?? '').toLowerCase();
}
