import { kindAt } from './created';
import { make, type Made } from './made';
import type { Qualified, Words } from './words';

/** What an ALTER statement makes: what pg_dump writes in this way. */
export function altered(words: Words): Made | null {
  if (words.match(1, 'default privileges')) return defaultPrivileges(words);
  switch (words.word(1)) {
    case 'table':
    case 'foreign':
    case 'view':
    case 'index':
    case 'materialized':
      return relation(words);
    case 'domain':
      return constraint(words, 2);
    case 'sequence': {
      const name = words.qualified(words.skip(2, ['if', 'exists']));
      return name && words.match(name.next, 'owned by')
        ? make('SEQUENCE OWNED BY', name.schema, name.name)
        : null;
    }
    case 'publication':
      return published(words);
    case 'database':
      return database(words);
    case 'role':
    case 'user':
      return role(words);
    case 'system':
      return make('SYSTEM SETTING', null, words.at(3)?.text ?? '');
    default:
      return null;
  }
}

/** The owner `ALTER … OWNER TO` gives, and what it gives it to; null for other statements. */
export function ownerChange(words: Words): { kind: string; name: Qualified; owner: string } | null {
  if (words.match(1, 'large object')) {
    const owner = words.match(4, 'owner to');
    const token = words.at(3);
    if (!owner || !token) return null;
    const name = { schema: null, name: token.text, start: 3, next: 4 };
    return { kind: 'LARGE OBJECT', name, owner: words.at(owner)?.text ?? '' };
  }
  const found = kindAt(words, 1);
  const name = found && words.qualified(words.skip(found.next, ['only', 'if', 'exists']));
  if (!name) return null;
  const at = words.find(name.next, 'owner');
  const owner = at < 0 || words.word(at + 1) !== 'to' ? undefined : words.at(at + 2)?.text;
  return owner === undefined ? null : { kind: found.kind, name, owner };
}

function relation(words: Words): Made | null {
  const found = kindAt(words, 1);
  if (!found) return null;
  const table = words.qualified(words.skip(found.next, ['only', 'if', 'exists']));
  if (!table) return null;
  const { schema, name, next } = table;
  switch (words.word(next)) {
    case 'add':
      return words.word(next + 1) === 'constraint'
        ? constraint(words, words.skip(found.next, ['only', 'if', 'exists']))
        : null;
    case 'attach': {
      const part = words.qualified(next + 2);
      return part && make(found.kind === 'INDEX' ? 'INDEX ATTACH' : 'TABLE ATTACH', part.schema, part.name);
    }
    case 'enable':
      return words.match(next, 'enable row level security') ? make('ROW SECURITY', schema, name) : null;
    case 'alter':
      return columnChange(words, table);
    default:
      return null;
  }
}

function constraint(words: Words, from: number): Made | null {
  const table = words.qualified(from);
  const start = table && words.match(table.next, 'add constraint');
  const own = start && words.at(start)?.text;
  if (!table || !start || !own) return null;
  const type = { foreign: 'FK CONSTRAINT', check: 'CHECK CONSTRAINT' }[words.word(start + 1)] ?? 'CONSTRAINT';
  const { schema, name } = table;
  return make(type, schema, `${name} ${own}`, { on: { schema, table: name, own } });
}

/** A default, or the sequence behind an identity column. */
function columnChange(words: Words, { schema, name, next }: Qualified): Made | null {
  const at = words.skip(next + 1, ['column']);
  const own = words.at(at)?.text;
  if (own === undefined) return null;
  if (words.match(at + 1, 'set default'))
    return make('DEFAULT', schema, `${name} ${own}`, { on: { schema, table: name, own } });
  if (!words.match(at + 1, 'add generated')) return null;
  for (let i = at + 3; words.at(i); i++)
    if (words.match(i, 'sequence name')) {
      const sequence = words.qualified(i + 2);
      return (
        sequence && make('SEQUENCE', sequence.schema, sequence.name, { on: { schema, table: name, own } })
      );
    }
  return null;
}

const DEFAULTS: Record<string, string> = {
  tables: 'TABLES',
  sequences: 'SEQUENCES',
  functions: 'FUNCTIONS',
  routines: 'FUNCTIONS',
  types: 'TYPES',
  schemas: 'SCHEMAS',
  large: 'LARGE OBJECTS',
};

function defaultPrivileges(words: Words): Made | null {
  let owner: string | undefined;
  let schema: string | null = null;
  let at = 3;
  if (words.word(at) === 'for') {
    owner = words.at(at + 2)?.text;
    at += 3;
  }
  if (words.match(at, 'in schema')) {
    schema = words.at(at + 2)?.text ?? null;
    at += 3;
  }
  const on = words.find(at, 'on');
  const objects = on < 0 ? undefined : DEFAULTS[words.word(on + 1)];
  if (!objects) return null;
  return make(
    'DEFAULT ACL',
    schema,
    `DEFAULT PRIVILEGES FOR ${objects}`,
    owner === undefined ? {} : { owner },
  );
}

function published(words: Words): Made | null {
  const name = words.at(2)?.text;
  if (name === undefined || words.word(3) !== 'add') return null;
  const schemas = words.match(4, 'tables in schema');
  if (schemas) {
    const schema = words.at(schemas)?.text ?? '';
    return make('PUBLICATION TABLES IN SCHEMA', null, `${name} ${schema}`, {
      which: JSON.stringify([name, schema]),
    });
  }
  const table = words.word(4) === 'table' ? words.qualified(words.skip(5, ['only'])) : null;
  if (!table) return null;
  return make('PUBLICATION TABLE', table.schema, `${name} ${table.name}`, {
    on: { schema: table.schema, table: table.name, own: name },
  });
}

function database(words: Words): Made | null {
  const name = words.at(2)?.text;
  if (name === undefined || ['owner', 'rename', 'refresh', 'with'].includes(words.word(3))) return null;
  return make('DATABASE PROPERTIES', null, name);
}

/** Settings of a role; its attributes belong to the role itself. */
function role(words: Words): Made | null {
  const name = words.at(2)?.text;
  if (name === undefined) return null;
  const setting = words.find(3, 'set', 'reset');
  if (words.match(3, 'in database')) return make('DATABASE PROPERTIES', null, words.at(5)?.text ?? '');
  return setting === 3 ? make('ROLE SETTING', null, `${name} ${words.at(4)?.text ?? ''}`) : null;
}
