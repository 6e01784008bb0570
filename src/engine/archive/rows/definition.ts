import { tokens, type Token } from '../sql/tokens';

/** A column as a CREATE statement says. */
export interface DefinedColumn {
  name: string;
  /** As written; null where the statement does not tell (a partition's or a typed table's). */
  type: string | null;
  notNull: boolean;
  key: boolean;
  /** Computed: dumps hold no values for it. */
  generated: boolean;
  /** GENERATED ALWAYS AS IDENTITY. */
  identityAlways: boolean;
}

export interface TableName {
  schema: string | null;
  name: string;
}

/** What a CREATE TABLE, FOREIGN TABLE or TYPE statement says of columns. */
export interface TableDefinition {
  table: TableName;
  columns: DefinedColumn[];
  /** Tables whose columns come before its own: INHERITS, PARTITION OF. */
  parents: TableName[];
  /** `OF type`. */
  ofType: TableName | null;
  /** LIKE clauses with the number of own columns before them. */
  like: { at: number; table: TableName }[];
}

/** Words that end a column's type. */
const AFTER_TYPE = new Set(
  'collate compression storage constraint not null default generated primary unique check references options with deferrable initially no'.split(
    ' ',
  ),
);
const TABLE_PART = new Set('constraint primary unique check foreign exclude not'.split(' '));
/** Types of several words, where the second would else be a column's constraint: none, but `with time zone`. */
const TYPE_BEFORE_WITH = new Set(['time', 'timestamp', ')']);

/** Steps over the tokens of a statement. */
class Words {
  readonly #list: Token[];
  at = 0;

  constructor(text: string) {
    this.#list = [...tokens(text)];
  }

  get done(): boolean {
    return this.at >= this.#list.length;
  }

  peek(ahead = 0): Token | undefined {
    return this.#list[this.at + ahead];
  }

  next(): Token | undefined {
    return this.#list[this.at++];
  }

  /** Whether these words, unquoted, come next. */
  are(...words: string[]): boolean {
    return words.every((word, i) => {
      const token = this.peek(i);
      return token?.text === word && (token.type === 'word' || token.type === 'other');
    });
  }

  take(...words: string[]): boolean {
    const found = this.are(...words);
    if (found) this.at += words.length;
    return found;
  }

  name(): string | null {
    const token = this.peek();
    if (token?.type !== 'word' && token?.type !== 'name') return null;
    this.at++;
    return token.text;
  }

  /** `schema.name`, or the last two of more parts. */
  qualified(): TableName | null {
    let name = this.name();
    if (name === null) return null;
    let schema: string | null = null;
    while (this.take('.')) {
      const next = this.name();
      if (next === null) break;
      [schema, name] = [name, next];
    }
    return { schema, name };
  }

  /** Behind the parenthesis that closes the one here. */
  skipParens(): void {
    let depth = 0;
    for (let token = this.next(); token; token = this.next()) {
      if (token.type !== 'other') continue;
      if (token.text === '(' || token.text === '[') depth++;
      else if ((token.text === ')' || token.text === ']') && --depth <= 0) return;
    }
  }

  names(): string[] {
    const found: string[] = [];
    if (!this.take('(')) return found;
    for (let name = this.name(); name !== null; name = this.take(',') ? this.name() : null) found.push(name);
    this.take(')');
    return found;
  }
}

/** Reads the columns of `CREATE TABLE`, `CREATE FOREIGN TABLE` and `CREATE TYPE … AS`; null for others. */
export function tableDefinition(sql: string): TableDefinition | null {
  const words = new Words(sql);
  if (!words.take('create')) return null;
  while (/^(?:global|local|temp|temporary|unlogged|foreign)$/.test(words.peek()?.text ?? '')) words.next();
  if (!words.take('table') && !words.take('type')) return null;
  words.take('if', 'not', 'exists');
  const table = words.qualified();
  if (!table) return null;
  const found: TableDefinition = { table, columns: [], parents: [], ofType: null, like: [] };
  if (words.take('partition', 'of')) found.parents.push(...optional(words.qualified()));
  else if (words.take('of')) found.ofType = words.qualified();
  else words.take('as');
  if (words.take('(')) elements(words, sql, found);
  if (words.take('inherits', '('))
    for (let parent = words.qualified(); parent; parent = words.take(',') ? words.qualified() : null)
      found.parents.push(parent);
  return found;
}

function optional<T>(value: T | null): T[] {
  return value === null ? [] : [value];
}

function elements(words: Words, sql: string, found: TableDefinition): void {
  while (!words.done && !words.take(')')) {
    if (words.take('like')) {
      const table = words.qualified();
      if (table) found.like.push({ at: found.columns.length, table });
    } else if (words.peek()?.type === 'word' && TABLE_PART.has(words.peek()!.text))
      constraint(words, found.columns);
    else {
      const name = words.name();
      if (name === null) return;
      found.columns.push(column(words, sql, name));
    }
    toNextElement(words);
  }
}

/** Behind the comma, or to the closing parenthesis. */
function toNextElement(words: Words): void {
  while (!words.done && !words.are(')')) {
    if (words.take(',')) return;
    if (words.are('(') || words.are('[')) words.skipParens();
    else words.next();
  }
}

function column(words: Words, sql: string, name: string): DefinedColumn {
  const found = { name, type: null, notNull: false, key: false, generated: false, identityAlways: false };
  return Object.assign(found, { type: columnType(words, sql) }, columnTraits(words));
}

function columnType(words: Words, sql: string): string | null {
  const first = words.peek();
  let end: number | null = null;
  let before = '';
  while (!words.done && !words.are(',') && !words.are(')')) {
    const { type, text } = words.peek()!;
    if (type === 'word' && AFTER_TYPE.has(text) && !(text === 'with' && TYPE_BEFORE_WITH.has(before))) break;
    if (text === '(' || text === '[') words.skipParens();
    else words.next();
    const last = words.peek(-1)!;
    [end, before] = [last.end, last.text];
  }
  return first && end !== null ? sql.slice(first.start, end) : null;
}

function columnTraits(words: Words): Partial<DefinedColumn> {
  const traits: Partial<DefinedColumn> = {};
  while (!words.done && !words.are(',') && !words.are(')')) {
    if (words.take('not', 'null')) traits.notNull = true;
    else if (words.take('primary', 'key')) traits.notNull = traits.key = true;
    else if (words.take('generated', 'always', 'as', 'identity')) traits.identityAlways = true;
    else if (words.take('generated', 'always', 'as', '(')) {
      words.at--;
      traits.generated = true;
    } else if (words.are('(') || words.are('[')) words.skipParens();
    else words.next();
  }
  return traits;
}

/** `[CONSTRAINT x] PRIMARY KEY (a, b)` and `NOT NULL a`; others say nothing of columns. */
function constraint(words: Words, columns: DefinedColumn[]): void {
  if (words.take('constraint')) words.name();
  const change = constraintHere(words);
  if (change) applyConstraint(columns, change);
}

export interface ColumnConstraint {
  columns: string[];
  key: boolean;
  /** UNIQUE: says nothing of the columns one by one. */
  unique?: true;
}

function constraintHere(words: Words): ColumnConstraint | null {
  if (words.take('primary', 'key')) return { columns: words.names(), key: true };
  if (words.take('not', 'null')) return { columns: optional(words.name()), key: false };
  if (words.take('unique')) return { columns: words.names(), key: false, unique: true };
  return null;
}

export function applyConstraint(
  columns: DefinedColumn[],
  { columns: names, key, unique }: ColumnConstraint,
): void {
  if (unique) return;
  for (const column of columns)
    if (names.includes(column.name)) {
      column.notNull = true;
      column.key ||= key;
    }
}

/** What `ALTER TABLE … ADD CONSTRAINT …` says of columns; null for constraints that say nothing, and other statements. */
export function addedConstraint(sql: string): (ColumnConstraint & { table: TableName }) | null {
  const words = new Words(sql);
  const table = alteredTable(words);
  if (!table || !words.take('add')) return null;
  if (words.take('constraint')) words.name();
  const found = constraintHere(words);
  return found && { ...found, table };
}

/** The column that `ALTER TABLE … ALTER COLUMN … ADD GENERATED ALWAYS AS IDENTITY` names. */
export function addedIdentity(sql: string): { table: TableName; column: string } | null {
  const words = new Words(sql);
  const table = alteredTable(words);
  if (!table || !words.take('alter')) return null;
  words.take('column');
  const column = words.name();
  return column !== null && words.take('add', 'generated', 'always', 'as', 'identity')
    ? { table, column }
    : null;
}

function alteredTable(words: Words): TableName | null {
  if (!words.take('alter', 'table') && !words.take('alter', 'foreign', 'table')) return null;
  words.take('if', 'exists');
  words.take('only');
  return words.qualified();
}
