import * as l10n from '@vscode/l10n';
import { dependencyGraph, type Contents, type DependencyGraph, type Entry } from '../../archive';
import { attachedPartition, tokens } from '../../archive/comparing';
import { quoteIdent } from '../../quote';
import { inventoryOf, type DatabaseObject, type Inventory } from '../objects';
import type { CompareOptions, DifferenceScript, ObjectDifference, ScriptStatement } from '../types';
import { tableChange, type TableChange } from './alterTable';
import { dropStatement } from './drop';
import { changedInPlace, holdsValues } from './inPlace';
import { privilegesFrom, wordsFrom } from './said';
import { holdsSecret, withheld, withoutSecrets } from './secrets';
import { semicolon } from './words';

/** What is made again by its own statement, with nothing of a table's or database's contents in it. */
const MADE_ANEW =
  /^(?:VIEW|MATERIALIZED VIEW|FUNCTION|PROCEDURE|AGGREGATE|INDEX|(?:FK |CHECK )?CONSTRAINT|TRIGGER|RULE|POLICY|STATISTICS|EVENT TRIGGER|OPERATOR.*|CAST|CONVERSION|TEXT SEARCH .*|TRANSFORM|INDEX ATTACH)$/;
/** Reads a table's columns by their names and types, and keeps them from changing. */
const READS_COLUMNS = /^(?:VIEW|MATERIALIZED VIEW|RULE|POLICY|TRIGGER|FUNCTION|PROCEDURE|STATISTICS)$/;

/**
 * The statements that make `from`'s objects those of `to`, as far as they differ: what goes is dropped in reverse, then
 * everything is made or changed in an order that works. What depends on something that has to be made anew is made anew with it.
 */
export function scriptDifference(
  from: Contents,
  to: Contents,
  differences: readonly ObjectDifference[],
  { ignore = [] }: CompareOptions = {},
): DifferenceScript {
  const ignored = new Set(ignore);
  return new Script(inventoryOf(from), inventoryOf(to), ignored).make(differences);
}

class Script {
  readonly #from: Inventory;
  readonly #to: Inventory;
  readonly #ignored: ReadonlySet<string>;
  readonly #graph: DependencyGraph;
  readonly #keys = new Map<number, string>();
  readonly #changes = new Map<string, TableChange>();
  /** Made anew, by key: the differences it is for. */
  readonly #anew = new Map<string, Set<string>>();
  readonly #leftOut: DifferenceScript['leftOut'] = [];

  constructor(from: Inventory, to: Inventory, ignored: ReadonlySet<string>) {
    this.#from = from;
    this.#to = to;
    this.#ignored = ignored;
    this.#graph = dependencyGraph(from.entries);
    for (const { key, entry } of from.objects.values()) this.#keys.set(entry.id, key);
  }

  make(differences: readonly ObjectDifference[]): DifferenceScript {
    const wanted = new Map(differences.map((difference) => [difference.key, difference]));
    const dropped = new Set(
      [...wanted.keys()].filter((key) => this.#from.objects.has(key) && !this.#to.objects.has(key)),
    );
    for (const key of wanted.keys()) this.#look(key);
    for (const key of dropped) this.#anewWith(key, key, dropped);
    const drops = this.#drops(dropped);
    return withoutSecrets({
      statements: [...drops.first, ...this.#firsts(), ...this.#makes(wanted), ...drops.last],
      leftOut: this.#leftOut,
    });
  }

  /** Decides how a changed object is changed. */
  #look(key: string): void {
    const [from, to] = [this.#from.objects.get(key), this.#to.objects.get(key)];
    if (!from || !to || sameText(from.entry.definition, to.entry.definition)) return;
    const { kind } = to.entry;
    if (/TABLE$/.test(kind)) {
      const change = tableChange(from, to);
      this.#changes.set(key, change);
      for (const why of change.leftOut) this.#leftOut.push({ object: key, why });
      this.#readersOf(from, change.disturbed, key);
    } else if (changedInPlace(from, to) === null) {
      const why = MADE_ANEW.test(kind) ? null : (holdsValues(from) ?? null);
      if (why) this.#leftOut.push({ object: key, why });
      // What cannot be made again is not dropped.
      else if (holdsSecret(to.entry.definition)) this.#leftOut.push(withheld(key, to.entry.definition));
      else {
        this.#anew.set(key, new Set([key]));
        this.#anewWith(key, key, new Set());
      }
    }
  }

  /** What reads columns goes before they change, and is made again, with what needs it. */
  #readersOf({ entry }: DatabaseObject, columns: readonly string[], cause: string): void {
    if (columns.length === 0) return;
    for (const id of this.#graph.dependents([entry.id])) {
      const key = this.#keys.get(id);
      const reader = key === undefined ? undefined : this.#from.objects.get(key);
      if (!key || !reader || !READS_COLUMNS.test(reader.entry.kind) || !mentions(reader.entry, columns))
        continue;
      this.#again(id, cause, READS_COLUMNS);
      this.#anewWith(key, cause, new Set());
    }
  }

  /** What needs an object that goes. */
  #anewWith(key: string, cause: string, dropped: ReadonlySet<string>): void {
    const object = this.#from.objects.get(key);
    if (!object) return;
    for (const id of this.#graph.dependents([object.entry.id])) {
      const dependent = this.#keys.get(id);
      if (dependent !== undefined && !dropped.has(dependent)) this.#again(id, cause, MADE_ANEW);
    }
  }

  #again(id: number, cause: string, kinds: RegExp): void {
    const key = this.#keys.get(id);
    const object = key === undefined ? undefined : this.#from.objects.get(key);
    // What the other side does not have goes by itself.
    const to = key === undefined ? undefined : this.#to.objects.get(key);
    if (!key || !object || !to || !kinds.test(object.entry.kind)) return;
    if (holdsSecret(to.entry.definition)) {
      this.#leftOut.push(withheld(cause, to.entry.definition));
      return;
    }
    const causes = this.#anew.get(key) ?? new Set();
    causes.add(cause);
    this.#anew.set(key, causes);
  }

  #drops(dropped: ReadonlySet<string>): { first: ScriptStatement[]; last: ScriptStatement[] } {
    const first: ScriptStatement[] = [];
    const last: ScriptStatement[] = [];
    const tables = this.#tablesAmong(dropped);
    for (const [key, object] of [...this.#from.objects].toReversed()) {
      const causes = dropped.has(key) ? new Set([key]) : this.#anew.get(key);
      // What belongs to a table goes with it.
      if (!causes || (object.table && tables.has(relation(object.table)))) continue;
      const statement = goneStatement(object);
      if (statement === '') continue;
      if (statement === null) {
        this.#leftOut.push({ object: key, why: l10n.t('Nothing says how it is dropped.') });
        continue;
      }
      const gone = dropped.has(key);
      // A sequence of a column goes when the column needs it no more, or went itself.
      const owned = gone && object.entry.kind === 'SEQUENCE' && object.table !== null && !isIdentity(object);
      (owned ? last : first).push({
        sql: semicolon(owned ? statement.replace(/^DROP SEQUENCE /, 'DROP SEQUENCE IF EXISTS ') : statement),
        objects: [...causes],
        ...(gone ? losses(object) : {}),
      });
    }
    return { first, last };
  }

  #tablesAmong(keys: ReadonlySet<string>): Set<string> {
    const tables = new Set<string>();
    for (const key of keys) {
      const entry = this.#from.objects.get(key)?.entry;
      if (entry && /(?:TABLE|VIEW)$/.test(entry.kind)) tables.add(relation(entry));
    }
    return tables;
  }

  /** What has to go of tables before anything is made. */
  #firsts(): ScriptStatement[] {
    return [...this.#changes].flatMap(([key, { before }]) => before.map((sql) => ({ sql, objects: [key] })));
  }

  #makes(wanted: ReadonlyMap<string, ObjectDifference>): ScriptStatement[] {
    const statements: ScriptStatement[] = [];
    // In the order of the other side: defaults come after the sequences they take values of.
    const byEntry = new Map<number, DatabaseObject[]>();
    for (const object of this.#to.objects.values())
      byEntry.set(object.entry.id, [...(byEntry.get(object.entry.id) ?? []), object]);
    for (const entry of this.#to.entries) {
      for (const to of byEntry.get(entry.id) ?? []) {
        const { key } = to;
        const from = this.#from.objects.get(key);
        const anew = this.#anew.get(key);
        if (!from && wanted.has(key)) statements.push(...this.#made(to, [key]));
        else if (from && anew) statements.push(...this.#made(to, [...anew]));
        else if (from && wanted.has(key)) statements.push(...this.#changed(from, to));
      }
      const owner = this.#to.folded.get(entry.id);
      const objects = owner === undefined ? [] : this.#newOnes(owner, wanted);
      if (objects.length > 0) statements.push({ sql: semicolon(entry.definition), objects });
    }
    return statements;
  }

  /** The differences an object is made for; none where it is there. */
  #newOnes(key: string, wanted: ReadonlyMap<string, ObjectDifference>): string[] {
    if (!this.#from.objects.has(key)) return wanted.has(key) ? [key] : [];
    return [...(this.#anew.get(key) ?? [])];
  }

  #made(object: DatabaseObject, objects: string[]): ScriptStatement[] {
    const { entry, owner, privileges, comments, labels } = object;
    const parts = [
      ...this.#placed(entry),
      ...(owner && !this.#ignored.has('owners') ? [semicolon(owner)] : []),
      ...(this.#ignored.has('privileges') ? [] : privileges.map(semicolon)),
      ...(this.#ignored.has('comments') ? [] : comments.map(semicolon)),
      ...labels.map(semicolon),
    ].filter(Boolean);
    if (parts.length === 0) return [];
    return [
      {
        sql: parts.join('\n'),
        objects,
        ...(entry.kind === 'MATERIALIZED VIEW'
          ? { note: l10n.t('It is empty until REFRESH MATERIALIZED VIEW fills it.') }
          : {}),
      },
    ];
  }

  #placed({ definition, tablespace, accessMethod }: Entry): string[] {
    const made = semicolon(definition);
    if (!made) return [];
    const space = tablespace && !this.#ignored.has('tablespaces') ? tablespace : '';
    const method = accessMethod && accessMethod !== 'heap' ? accessMethod : '';
    return [
      ...(space ? [`SET default_tablespace = ${quoteIdent(space)};`] : []),
      ...(method ? [`SET default_table_access_method = ${quoteIdent(method)};`] : []),
      made,
      ...(space ? ["SET default_tablespace = '';"] : []),
      ...(method ? ['SET default_table_access_method = heap;'] : []),
    ];
  }

  #changed(from: DatabaseObject, to: DatabaseObject): ScriptStatement[] {
    const { key, entry } = to;
    const objects = [key];
    const statements: ScriptStatement[] = [];
    const say = (all: readonly string[]): void => {
      for (const sql of all) statements.push({ sql, objects });
    };
    const change = this.#changes.get(key);
    if (change) for (const statement of change.statements) statements.push({ ...statement, objects });
    else if (!sameText(from.entry.definition, entry.definition)) say(changedInPlace(from, to) ?? []);
    say(defaultsFrom(from, to));
    if (!this.#ignored.has('tablespaces') && (from.entry.tablespace ?? '') !== (entry.tablespace ?? ''))
      say(movedTo(entry));
    if (!this.#ignored.has('owners') && to.owner && to.owner !== from.owner) say([semicolon(to.owner)]);
    if (!this.#ignored.has('privileges') && differ(from.privileges, to.privileges))
      say(privilegesFrom(from.privileges, to.privileges));
    if (!this.#ignored.has('comments')) say(wordsFrom(from.comments, to.comments));
    say(wordsFrom(from.labels, to.labels));
    if (from.entry.accessMethod && entry.accessMethod && from.entry.accessMethod !== entry.accessMethod)
      say([`ALTER TABLE ${qualified(entry)} SET ACCESS METHOD ${quoteIdent(entry.accessMethod)};`]);
    return statements;
  }
}

/** Whether a definition names one of some columns, or all of them. */
function mentions({ definition }: Entry, columns: readonly string[]): boolean {
  return [...tokens(definition)].some(
    ({ type, text }) => ((type === 'word' || type === 'name') && columns.includes(text)) || text === '*',
  );
}

function relation({ schema, name }: { schema: string | null; name: string }): string {
  return JSON.stringify([schema, name]);
}

function qualified({ schema, name }: Entry): string {
  return `${quoteIdent(schema ?? '')}.${quoteIdent(name)}`;
}

function sameText(left: string, right: string): boolean {
  return left.trim() === right.trim();
}

function differ(left: readonly string[], right: readonly string[]): boolean {
  return left.toSorted().join('\n') !== right.toSorted().join('\n');
}

/** Defaults that are entries of their own, and what owns a sequence. */
function defaultsFrom(from: DatabaseObject, to: DatabaseObject): string[] {
  const gone = from.defaults.filter((statement) => !to.defaults.includes(statement));
  const come = to.defaults.filter((statement) => !from.defaults.includes(statement));
  return [
    ...gone.flatMap((statement) => {
      const found = /^([^]*?ALTER COLUMN (?:"(?:[^"]|"")+"|\S+)) SET DEFAULT /.exec(statement);
      return found ? [`${found[1]} DROP DEFAULT;`] : [];
    }),
    ...come.map(semicolon),
  ];
}

function movedTo(entry: Entry): string[] {
  const kind = /^(?:TABLE|INDEX|MATERIALIZED VIEW)$/.exec(entry.kind)?.[0];
  return kind
    ? [`ALTER ${kind} ${qualified(entry)} SET TABLESPACE ${quoteIdent(entry.tablespace || 'pg_default')};`]
    : [];
}

function isIdentity({ entry: { definition } }: DatabaseObject): boolean {
  return /^\s*ALTER/i.test(definition);
}

/** The statement that takes an object away; empty for what goes with something else, null where nobody can tell. */
function goneStatement(object: DatabaseObject): string | null {
  const { entry } = object;
  if (/^(?:DEFAULT ACL|ACL|COMMENT|SECURITY LABEL)$/.test(entry.kind)) return saidBack(object);
  if (entry.kind === 'INDEX ATTACH') return '';
  if (entry.kind === 'TABLE ATTACH') {
    const attached = attachedPartition(entry.definition);
    const named = ({ schema, name }: { schema: string | null; name: string }): string =>
      `${quoteIdent(schema ?? entry.schema ?? '')}.${quoteIdent(name)}`;
    return attached && `ALTER TABLE ${named(attached.root)} DETACH PARTITION ${named(attached.part)};`;
  }
  if (entry.kind === 'SEQUENCE' && isIdentity(object)) {
    const column = /^([^]*?ALTER COLUMN (?:"(?:[^"]|"")+"|\S+)) ADD GENERATED /.exec(entry.definition)?.[1];
    return column ? `${column} DROP IDENTITY;` : null;
  }
  return dropStatement(entry);
}

/** Privileges and comments that stand by themselves. */
function saidBack({ entry }: DatabaseObject): string {
  return entry.kind === 'ACL' || entry.kind === 'DEFAULT ACL'
    ? privilegesFrom([entry.definition], []).join('\n')
    : wordsFrom([entry.definition], []).join('\n');
}

function losses({ entry: { kind, name } }: DatabaseObject): { losesData?: string } {
  if (kind === 'TABLE') return { losesData: l10n.t('The rows of {0} go.', name) };
  if (kind === 'SEQUENCE') return { losesData: l10n.t('The value of {0} goes.', name) };
  if (/^BLOB/.test(kind)) return { losesData: l10n.t('The contents of large objects go.') };
  return {};
}
