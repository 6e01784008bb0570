export type SqlTokenType = 'keyword' | 'type' | 'string' | 'number' | 'comment' | 'name' | 'meta';

/** A stretch of SQL text to colour; what lies between tokens is plain. */
export interface SqlToken {
  type: SqlTokenType;
  from: number;
  to: number;
}

const words = (list: string): string[] => list.trim().split(/\s+/);

/** Words of PostgreSQL's grammar as they occur in definitions and bodies. */
const KEYWORDS = new Set(
  words(`
  abort access action add admin after aggregate all alter always analyse analyze and any as asc asymmetric atomic
  attach authorization before begin between both by cache called cascade case cast check class close cluster collate
  collation column columns comment commit concurrently configuration conflict constraint constraints continue
  conversion copy cost create cross csv cube current current_catalog current_date current_role current_schema
  current_time current_timestamp current_user cursor cycle data database deallocate declare default defaults
  deferrable deferred definer delete delimiter desc detach dictionary disable discard distinct do domain drop each
  else elsif enable encoding end enum escape event except exception exclude excluding execute exists exit explain
  extension external false fetch filter finalize first following for force foreach foreign forward found freeze from
  full function functions generated get global grant granted group grouping groups handler having header hold if
  ilike immediate immutable implicit import in include including increment index indexes inherit inherits initially
  inline inner inout input insensitive insert instead intersect into invoker is isnull isolation join key language
  large last lateral leading leakproof left level like limit listen load local localtime localtimestamp location
  lock locked logged loop mapping match materialized maxvalue merge method minvalue mode move natural new next no
  none not notice notify notnull nothing null nulls object of off offset old on only open operator option options or
  order ordinality others out outer over overlaps overriding owned owner parallel parser partition password perform
  placing plans policy preceding prepare prepared preserve primary prior privileges procedural procedure procedures
  program publication query quote raise range read reassign recursive references referencing refresh reindex release
  rename repeatable replace replica reset restart restrict restricted return returning returns reverse revoke right
  role rollback rollup routine row rows rule safe savepoint schema schemas scroll search second security select
  sequence sequences serializable server session session_user set setof sets share show similar simple skip snapshot
  some sql stable standalone start statement statistics storage stored strict subscription support symmetric sysid
  system table tables tablesample tablespace template temp temporary then ties to trailing transaction transform
  trigger true truncate trusted type types unbounded union unique unlisten unlogged until update usage user using
  vacuum valid validate validator values variadic version view views virtual volatile when where while window with
  within without work wrapper write zone
  `),
);

const TYPES = new Set(
  words(`
  bigint bigserial bit bool boolean box bpchar bytea char character cidr circle date daterange decimal double float
  float4 float8 inet int int2 int4 int4range int8 int8range integer interval json jsonb line lseg macaddr macaddr8
  money name numeric numrange oid path point polygon precision real record regclass serial smallint smallserial text
  time timestamp timestamptz timetz tsquery tsrange tstzrange tsvector uuid varchar varying void xml
  `),
);

/** What can begin a token, in one pattern: the alternatives are tried in this order. */
const START = new RegExp(
  [
    /(--[^\n]*)/,
    /(\/\*)/,
    /([eE]'[^'\\]*(?:(?:\\[^]|'')[^'\\]*)*(?:'|(?![^])))/,
    /((?:[uU]&|[bBxXnN])?'[^']*(?:''[^']*)*(?:'|(?![^])))/,
    /((?:[uU]&)?"[^"]*(?:""[^"]*)*(?:"|(?![^])))/,
    /(\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)/,
    /([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)/,
    /(\d[\w.]*|\.\d\w*)/,
    /(^\\[^\n]*)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gm',
);

/** Bodies within bodies are coloured to this depth; deeper ones are strings. */
const deepest = 3;

/**
 * Finds what to colour in SQL as pg_dump writes it: for the eye, not for running it. Works on any text in time that
 * grows with its length. Dollar-quoted bodies are coloured as code, unless the statement says that they are in a
 * language of another kind.
 */
export function sqlTokens(text: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  const language = /\blanguage\s+'?([\w]+)/i.exec(text)?.[1]?.toLowerCase() ?? 'sql';
  scan(text, 0, /^(?:sql|plpgsql)$/.test(language) ? 0 : deepest, tokens);
  return tokens;
}

function scan(text: string, offset: number, depth: number, tokens: SqlToken[]): void {
  const add = (type: SqlTokenType, from: number, to: number): void => {
    tokens.push({ type, from: offset + from, to: offset + to });
  };
  const start = new RegExp(START);
  for (let match = start.exec(text); match; match = start.exec(text)) {
    const from = match.index;
    const to = start.lastIndex;
    if (match[1] !== undefined) add('comment', from, to);
    else if (match[2] !== undefined) add('comment', from, (start.lastIndex = endOfComment(text, from)));
    else if (match[3] !== undefined || match[4] !== undefined) add('string', from, to);
    else if (match[5] !== undefined) add('name', from, to);
    else if (match[6] !== undefined) {
      const close = text.indexOf(match[6], to);
      const end = close < 0 ? text.length : close + match[6].length;
      if (depth >= deepest || close < 0) add('string', from, end);
      else {
        add('string', from, to);
        scan(text.slice(to, close), offset + to, depth + 1, tokens);
        add('string', close, end);
      }
      start.lastIndex = end;
    } else if (match[7] !== undefined) {
      const word = match[7].toLowerCase();
      if (KEYWORDS.has(word)) add('keyword', from, to);
      else if (TYPES.has(word)) add('type', from, to);
    } else if (match[8] !== undefined) add('number', from, to);
    else add('meta', from, to);
  }
}

/** Comments nest. */
function endOfComment(text: string, from: number): number {
  const border = /\/\*|\*\//g;
  border.lastIndex = from;
  let depth = 0;
  for (let match = border.exec(text); match; match = border.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return border.lastIndex;
  }
  return text.length;
}
