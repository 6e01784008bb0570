import * as l10n from '@vscode/l10n';
import { quoteIdent } from '../../quote';
import { columnClauses, tableBody, type BodyItem, type DatabaseObject, type TableBody } from '../objects';
import { semicolon } from './words';

/** How a table becomes another one of the same name, and what of it nothing here can do. */
export interface TableChange {
  /** Constraints, defaults and the like that are taken away first. */
  before: string[];
  statements: { sql: string; losesData?: string; note?: string }[];
  leftOut: string[];
  /** Columns that are dropped or get another type: what reads them has to be made anew. */
  disturbed: string[];
}

/** Both are tables, or foreign tables, that differ in their definition. */
export function tableChange(from: DatabaseObject, to: DatabaseObject): TableChange {
  const change: TableChange = { before: [], statements: [], leftOut: [], disturbed: [] };
  const [before, after] = [tableBody(from.entry.definition), tableBody(to.entry.definition)];
  if (!before || !after) {
    if (from.entry.definition.trim() !== to.entry.definition.trim()) change.leftOut.push(madeOtherwise());
    return change;
  }
  if (squeezed(before.head) !== squeezed(after.head) || squeezed(before.tail) !== squeezed(after.tail))
    change.leftOut.push(madeOtherwise());
  const { kind, schema, name } = to.entry;
  const table = `ALTER ${kind} ${quoteIdent(schema ?? '')}.${quoteIdent(name)}`;
  constraints(before, after, table, change);
  columns(before, after, table, change);
  return change;
}

function madeOtherwise(): string {
  return l10n.t(
    'It is made in another way (partitions, inheritance, storage, unlogged): that takes a new table, and its rows with it.',
  );
}

function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

const named = (body: TableBody, kind: BodyItem['kind']): Map<string, BodyItem> =>
  new Map(
    body.items.flatMap((item) => (item.kind === kind && item.name !== null ? [[item.name, item]] : [])),
  );

function constraints(before: TableBody, after: TableBody, table: string, change: TableChange): void {
  const [old, wanted] = [named(before, 'constraint'), named(after, 'constraint')];
  for (const [name, { text }] of old)
    if (wanted.get(name)?.text !== text) change.before.push(`${table} DROP CONSTRAINT ${quoteIdent(name)};`);
  for (const [name, { text }] of wanted)
    if (old.get(name)?.text !== text) change.statements.push({ sql: `${table} ADD ${text};` });
}

function columns(before: TableBody, after: TableBody, table: string, change: TableChange): void {
  const [old, wanted] = [named(before, 'column'), named(after, 'column')];
  const add = (sql: string, more: { losesData?: string; note?: string } = {}): void =>
    void change.statements.push({ sql: semicolon(sql), ...more });
  for (const name of old.keys()) {
    if (wanted.has(name)) continue;
    change.disturbed.push(name);
    add(`${table} DROP COLUMN ${quoteIdent(name)}`, { losesData: l10n.t('The values of {0} go.', name) });
  }
  for (const [name, item] of wanted) {
    const known = old.get(name);
    if (!known) add(`${table} ADD COLUMN ${item.text}`, notNullNote(item));
    else if (known.text !== item.text)
      alterColumn(known, item, `${table} ALTER COLUMN ${quoteIdent(name)}`, change, add, table);
  }
}

function notNullNote(item: BodyItem): { note?: string } {
  const { notNull, default: value, generated, identity } = columnClauses(item);
  return notNull && value === null && generated === null && identity === null
    ? { note: l10n.t('It fails where the table has rows: give it a default first.') }
    : {};
}

function alterColumn(
  known: BodyItem,
  item: BodyItem,
  column: string,
  change: TableChange,
  add: (sql: string, more?: { losesData?: string; note?: string }) => void,
  table: string,
): void {
  const [old, wanted] = [columnClauses(known), columnClauses(item)];
  const name = quoteIdent(item.name!);
  if (old.generated !== wanted.generated) {
    change.disturbed.push(item.name!);
    // A computed column cannot become another in all majors; a stored one that is not computed any more keeps its values.
    if (old.generated !== null && wanted.generated === null) add(`${column} DROP EXPRESSION`);
    else {
      add(`${table} DROP COLUMN ${name}`, {
        ...(old.generated === null ? { losesData: l10n.t('Its values are computed from now on.') } : {}),
      });
      add(`${table} ADD COLUMN ${item.text}`);
      return;
    }
  }
  const retyped = old.type !== wanted.type || old.collation !== wanted.collation;
  if (old.default !== null && (old.default !== wanted.default || retyped)) add(`${column} DROP DEFAULT`);
  if (retyped) {
    change.disturbed.push(item.name!);
    const collation = wanted.collation === null ? '' : ` COLLATE ${wanted.collation}`;
    add(`${column} TYPE ${wanted.type}${collation} USING ${name}::${wanted.type}`, {
      note: l10n.t('Values that do not fit the new type make it fail, or are rounded as a cast does.'),
    });
  }
  if (wanted.default !== null && (old.default !== wanted.default || retyped))
    add(`${column} SET DEFAULT ${wanted.default}`);
  if (old.identity !== wanted.identity) {
    if (old.identity !== null) add(`${column} DROP IDENTITY`);
    if (wanted.identity !== null) add(`${column} ADD GENERATED ${wanted.identity}`);
  }
  if (old.notNull !== wanted.notNull) add(`${column} ${wanted.notNull ? 'SET' : 'DROP'} NOT NULL`);
  if (old.other !== wanted.other)
    change.leftOut.push(l10n.t('Column {0}: {1}', item.name!, wanted.other ?? old.other ?? ''));
}
