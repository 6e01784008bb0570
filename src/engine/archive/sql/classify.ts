import { copyTarget } from '../rows/columns';
import { altered } from './altered';
import { described, granted } from './attached';
import { created } from './created';
import { make, type Made } from './made';
import { tokens } from './tokens';
import { Words } from './words';

/** What a statement of a script makes, with pg_dump's tag; null for those that make nothing a contents list shows. */
export function classify(text: string): Made | null {
  const words = new Words(text);
  switch (words.word(0)) {
    case 'create':
      return created(words);
    case 'alter':
      return altered(words);
    case 'insert':
      return words.word(1) === 'into' ? named('TABLE DATA', words, 2) : null;
    case 'copy': {
      const target = copyTarget(text);
      return target && make('TABLE DATA', target.schema, target.table);
    }
    case 'comment':
      return described('COMMENT', words);
    case 'security':
      return described('SECURITY LABEL', words);
    case 'grant':
    case 'revoke':
      return granted(words);
    case 'refresh':
      return named('MATERIALIZED VIEW DATA', words, words.skip(3, ['concurrently']));
    case 'select':
      return selected(words);
    default:
      return null;
  }
}

function named(kind: string, words: Words, from: number): Made | null {
  const found = words.qualified(from);
  return found && make(kind, found.schema, found.name);
}

/** Calls that pg_dump writes: values of sequences, large objects, statistics. */
function selected(words: Words): Made | null {
  const at = words.word(1) === 'pg_catalog' && words.is(2, '.') ? 3 : 1;
  const first = words.at(at + 2);
  if (!words.is(at + 1, '(') || first?.type !== 'string') return statistics(words);
  switch (words.word(at)) {
    case 'setval': {
      const name = new Words(first.text).qualified(0);
      return name && make('SEQUENCE SET', name.schema, name.name);
    }
    case 'lo_create':
      return make('BLOB', null, first.text);
    case 'lo_open':
      return make('BLOBS', null, 'BLOBS');
    default:
      return null;
  }
}

/** `SELECT * FROM pg_catalog.pg_restore_relation_stats('schemaname', 's', 'relname', 't', …)`. */
function statistics(words: Words): Made | null {
  const call = words.find(1, 'pg_restore_relation_stats', 'pg_restore_attribute_stats');
  if (call < 0) return null;
  const argument = (name: string): string | null => {
    for (let at = call + 2; words.at(at); at++)
      if (words.at(at)!.type === 'string' && words.at(at)!.text === name)
        return words.at(at + 2)?.type === 'string' ? words.at(at + 2)!.text : null;
    return null;
  };
  const name = argument('relname');
  return name === null ? null : make('STATISTICS DATA', argument('schemaname'), name);
}

/** Whether a text is one whole statement that sets something for the session; its name and value, lower-case name. */
export function setting(text: string): { name: string; value: string } | null {
  const parts = [...tokens(text)];
  let at = 1;
  if (parts[0]?.text !== 'set') return null;
  if (parts[at]?.text === 'session' || parts[at]?.text === 'local') at++;
  const name = parts[at];
  if (name?.type !== 'word') return null;
  if (name.text === 'names') return { name: 'client_encoding', value: parts[at + 1]?.text ?? '' };
  if (parts[at + 1]?.text !== '=' && parts[at + 1]?.text !== 'to') {
    // SET SESSION AUTHORIZATION x, where SESSION is no modifier.
    return name.text === 'authorization' ? { name: 'authorization', value: parts[at + 1]?.text ?? '' } : null;
  }
  return parts.length === at + 3 ? { name: name.text, value: parts[at + 2]!.text } : null;
}
