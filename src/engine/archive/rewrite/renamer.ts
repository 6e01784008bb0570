import { quoteIdent } from '../../quote';
import type { Entry, Renames } from '../types';
import { KnownNames } from './names';
import { nameUses, type NameUse } from './name-uses';

/** Gives entries other names: of their schemas, relations, roles and tablespaces. */
export class Renamer {
  readonly #renames: Renames;
  readonly #known: KnownNames;

  constructor(entries: readonly Entry[], renames: Renames) {
    this.#renames = renames;
    this.#known = new KnownNames(entries);
  }

  /** The entry as if the database it was dumped from had had the new names. Its id and dependencies stay. */
  entry(entry: Entry): Entry {
    const { kind, schema, name, owner, tablespace } = entry;
    const schemaOf = (old: string): string => this.#renames.schemas?.[old] ?? old;
    return {
      ...entry,
      schema: schema === null ? null : schemaOf(schema),
      name: kind === 'SCHEMA' ? schemaOf(name) : this.#tag(entry),
      owner: owner === null ? null : (this.#renames.roles?.[owner] ?? owner),
      ...(tablespace ? { tablespace: this.#renames.tablespaces?.[tablespace] ?? tablespace } : {}),
      definition: this.text(entry.definition, entry),
      dropStatement: this.text(entry.dropStatement, entry),
      copyStatement: this.text(entry.copyStatement, entry),
    };
  }

  text(sql: string, { kind, schema }: Pick<Entry, 'kind' | 'schema'>): string {
    if (!sql) return sql;
    let out = '';
    let at = 0;
    for (const use of nameUses(sql, kind, this.#known).uses) {
      const name = this.#newName(use, schema);
      if (name === undefined || name === use.name) continue;
      out += sql.slice(at, use.start) + written(name, use);
      at = use.end;
    }
    return out + sql.slice(at);
  }

  /** Whether texts of the entry name a renamed schema where this reader does not look. */
  unread(entry: Entry): boolean {
    return nameUses(entry.definition, entry.kind, this.#known).unread;
  }

  #newName({ kind, name, schema }: NameUse, own: string | null): string | undefined {
    const { schemas, relations, roles } = this.#renames;
    if (kind === 'schema') return schemas?.[name];
    if (kind === 'role') return roles?.[name];
    return relations?.[(kind === 'own' ? own : schema) ?? '']?.[name];
  }

  #tag({ kind, schema, name }: Entry): string {
    const of = this.#renames.relations?.[schema ?? ''] ?? {};
    if (kind === 'COMMENT' || kind === 'ACL' || kind === 'SECURITY LABEL') {
      const named = /^SCHEMA (.*)$/s.exec(name)?.[1];
      const renamed = named && this.#renames.schemas?.[named.replace(/^"(.*)"$/s, '$1')];
      return renamed ? `SCHEMA ${/^"/.test(named) ? quoteIdent(renamed) : renamed}` : name;
    }
    return of[name] ?? name;
  }
}

function written(name: string, { within }: NameUse): string {
  if (within === 'value') return name.replaceAll("'", "''");
  const quoted = /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.test(name) ? name : quoteIdent(name);
  return within === 'string' ? quoted.replaceAll("'", "''") : quoted;
}

/** Only what cannot be a name without quotes matters: the others read better without. */
const RESERVED =
  /^(?:all|analy[sz]e|and|any|array|as|asc|asymmetric|authorization|between|both|case|cast|check|collate|column|constraint|create|cross|current_\w+|default|deferrable|desc|distinct|do|else|end|except|false|fetch|for|foreign|freeze|from|full|grant|group|having|ilike|in|initially|inner|intersect|into|is|isnull|join|lateral|leading|left|like|limit|localtime\w*|natural|not|notnull|null|offset|on|only|or|order|outer|overlaps|placing|primary|references|returning|right|select|session_user|similar|some|symmetric|system_user|table|tablesample|then|to|trailing|true|union|unique|user|using|variadic|verbose|when|where|window|with)$/;
