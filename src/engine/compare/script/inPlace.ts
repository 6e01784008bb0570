import * as l10n from '@vscode/l10n';
import { tokens } from '../../archive/comparing';
import { quoteIdent, quoteLiteral } from '../../quote';
import type { DatabaseObject } from '../objects';
import { alteredOptions } from './options';
import { semicolon } from './words';

/** How an object that is no table becomes another of the same name without being dropped; null where it cannot. */
export function changedInPlace(from: DatabaseObject, to: DatabaseObject): string[] | null {
  switch (to.entry.kind) {
    case 'FUNCTION':
    case 'PROCEDURE':
      return replaced(from, to);
    case 'SEQUENCE':
      return alteredSequence(to);
    case 'TYPE':
      return moreLabels(from, to);
    case 'ROLE':
      return alteredRole(from, to);
    case 'SERVER':
    case 'FOREIGN DATA WRAPPER':
      return otherOptions(from, to, `${to.entry.kind} ${quoteIdent(to.entry.name)}`);
    case 'USER MAPPING':
      return otherOptions(from, to, /USER MAPPING [^]*?(?= OPTIONS|;|$)/.exec(to.entry.definition)?.[0]);
    default:
      return null;
  }
}

/** CREATE OR REPLACE, which takes another body and other properties, but no other result or names of arguments. */
function replaced(from: DatabaseObject, to: DatabaseObject): string[] | null {
  const head = (definition: string): string => {
    const words = [...tokens(definition)];
    const end = words.findIndex(({ type, text }) => type === 'word' && text === 'language');
    return words
      .slice(0, end < 0 ? undefined : end)
      .map(({ text }) => text)
      .join(' ');
  };
  const { definition } = to.entry;
  if (head(from.entry.definition) !== head(definition)) return null;
  return [semicolon(definition.replace(/^(\s*)CREATE (?=FUNCTION|PROCEDURE)/, '$1CREATE OR REPLACE '))];
}

/** pg_dumpall writes `CREATE ROLE x;` and then every attribute; a role without a password has none in the list. */
function alteredRole(from: DatabaseObject, to: DatabaseObject): string[] | null {
  const attributes = /^\s*CREATE ROLE [^;]*;\s*(ALTER ROLE [^]*)$/.exec(to.entry.definition)?.[1];
  if (!attributes) return null;
  const hasPassword = ({ entry: { definition } }: DatabaseObject): boolean =>
    [...tokens(definition)].some(({ type, text }) => type === 'word' && text === 'password');
  return [
    semicolon(attributes),
    ...(hasPassword(from) && !hasPassword(to)
      ? [`ALTER ROLE ${quoteIdent(to.entry.name)} PASSWORD NULL;`]
      : []),
  ];
}

function otherOptions(from: DatabaseObject, to: DatabaseObject, subject?: string): string[] | null {
  const sql = subject && alteredOptions(from.entry.definition, to.entry.definition, subject);
  return sql ? [sql] : null;
}

/** The value stays. An identity's sequence is changed through its column. */
function alteredSequence(to: DatabaseObject): string[] | null {
  const { definition } = to.entry;
  if (!/^\s*CREATE SEQUENCE /.test(definition)) return null;
  return [semicolon(definition.replace(/CREATE SEQUENCE /, 'ALTER SEQUENCE '))];
}

/** Labels of an enum can be added; none can go. */
function moreLabels(from: DatabaseObject, to: DatabaseObject): string[] | null {
  const [old, wanted] = [labels(from.entry.definition), labels(to.entry.definition)];
  if (!old || !wanted || old.some((label) => !wanted.includes(label))) return null;
  const { schema, name } = to.entry;
  const type = `${quoteIdent(schema ?? '')}.${quoteIdent(name)}`;
  if (wanted.filter((label) => old.includes(label)).join('\n') !== old.join('\n')) return null;
  return wanted.flatMap((label, at) => {
    if (old.includes(label)) return [];
    const place = at === 0 ? ` BEFORE ${quoteLiteral(old[0]!)}` : ` AFTER ${quoteLiteral(wanted[at - 1]!)}`;
    return [`ALTER TYPE ${type} ADD VALUE ${quoteLiteral(label)}${place};`];
  });
}

function labels(definition: string): string[] | null {
  const words = [...tokens(definition)];
  const at = words.findIndex(({ type, text }) => type === 'word' && text === 'enum');
  return at < 0 ? null : words.slice(at).flatMap(({ type, text }) => (type === 'string' ? [text] : []));
}

/** Why something is not dropped and made anew: what would be lost with it. */
export function holdsValues({ entry: { kind } }: DatabaseObject): string | null {
  if (/^(?:SERVER|FOREIGN DATA WRAPPER)$/.test(kind))
    return l10n.t(
      'Foreign tables and user mappings are of it: it cannot be dropped and made anew without them.',
    );
  if (kind === 'SUBSCRIPTION')
    return l10n.t('It knows how far it has come, and has a slot on its publisher: use ALTER SUBSCRIPTION.');
  if (/^(?:ROLE|DATABASE|TABLESPACE)$/.test(kind))
    return l10n.t('A whole server’s objects are of it: it cannot be dropped and made anew without them.');
  return /^(?:TYPE|DOMAIN|EXTENSION|SCHEMA|COLLATION|LARGE OBJECT|BLOB|BLOB METADATA)$/.test(kind)
    ? l10n.t(
        'Values or objects in the database may be of it: it cannot be dropped and made anew without them.',
      )
    : null;
}
