import type { Relation } from '../plan';
import { exactPattern, matchName, matchRelation } from './patterns';
import type { Source, SourceRelation } from './source';
import type { Answers, TableName } from './types';

/** What of a database a dump will hold, found with pg_dump's own rules before it runs. */
export interface Selection {
  /** Relations whose definition is dumped: each is locked, which needs SELECT. */
  defined: SourceRelation[];
  /** Relations whose rows (or value, for sequences) are dumped. */
  data: SourceRelation[];
  /** Large objects are dumped too: with everything, or when asked for. */
  largeObjects: boolean;
}

/** An answer that may be absent, one text or several. */
export function list(answer: Answers[string] | undefined): string[] {
  return answer === undefined ? [] : Array.isArray(answer) ? answer : [String(answer)];
}

/** Mirrors `selectDumpableNamespace` and `selectDumpableTable` of pg_dump.c. */
export function select(source: Source, options: Answers): Selection {
  const fits = (key: string): ((relation: SourceRelation) => boolean) | undefined => {
    const own = list(options[key]).map(matchRelation);
    const withChildren = list(options[`${key}-and-children`]).map(matchRelation);
    if (!own.length && !withChildren.length) return undefined;
    const family = descendants(
      source.relations,
      source.relations.filter((relation) => withChildren.some((match) => match(relation))),
    );
    return (relation) => own.some((match) => match(relation)) || family.has(relation.oid);
  };
  const schemas = (key: string): ((relation: SourceRelation) => boolean) | undefined => {
    const matches = list(options[key]).map(matchName);
    return matches.length ? (relation) => matches.some((match) => match(relation.schema)) : undefined;
  };
  const byTable = fits('table');
  const included = byTable ?? schemas('schema') ?? (() => true);
  const excludedTable = fits('exclude-table') ?? (() => false);
  const excludedSchema = byTable ? () => false : (schemas('exclude-schema') ?? (() => false));
  const withoutData = fits('exclude-table-data') ?? (() => false);
  const defined = source.relations.filter(
    (relation) =>
      !relation.ofExtension && included(relation) && !excludedSchema(relation) && !excludedTable(relation),
  );
  const noRows =
    options['schema-only'] || options['no-data'] || options['statistics-only'] || !sectionHasData(options);
  const noUnlogged = options['no-unlogged-table-data'] || source.inRecovery;
  const said = (...flags: string[]): boolean => flags.some((flag) => options[flag] === true);
  const parts = ['table', 'table-and-children', 'schema', 'extension'].some(
    (key) => list(options[key]).length,
  );
  return {
    defined,
    largeObjects:
      !noRows && !said('no-large-objects', 'no-blobs') && (!parts || said('large-objects', 'blobs')),
    data: noRows
      ? []
      : defined
          .filter(({ kind, unlogged }) => (kind === 'r' || kind === 'S') && !(unlogged && noUnlogged))
          .filter((relation) => !withoutData(relation)),
  };
}

function sectionHasData(options: Answers): boolean {
  const sections = list(options.section);
  return !sections.length || sections.includes('data');
}

/** The given relations and everything below them (partitions, children), by oid. */
function descendants(all: SourceRelation[], roots: SourceRelation[]): Set<string> {
  const children = new Map<string, string[]>();
  for (const { oid, parents } of all)
    for (const parent of parents) {
      const known = children.get(parent);
      if (known) known.push(oid);
      else children.set(parent, [oid]);
    }
  const found = new Set<string>();
  const todo = roots.map((relation) => relation.oid);
  for (let oid = todo.pop(); oid !== undefined; oid = todo.pop()) {
    if (found.has(oid)) continue;
    found.add(oid);
    todo.push(...(children.get(oid) ?? []));
  }
  return found;
}

/**
 * Exact names as pg_dump's patterns. Partitions come with their table: by an option of its own from 16
 * on, named one by one before.
 */
export function selectionAnswers(
  source: Source,
  major: number,
  picked: { schemas?: string[]; tables?: TableName[] },
): Answers {
  const answers: Answers = {};
  if (picked.schemas?.length) answers.schema = picked.schemas.map((name) => exactPattern(name));
  if (!picked.tables?.length) return answers;
  if (major >= 16) {
    answers['table-and-children'] = picked.tables.map(({ schema, name }) => exactPattern(schema, name));
    return answers;
  }
  const wanted = new Set(picked.tables.map(({ schema, name }) => exactPattern(schema, name)));
  const roots = source.relations.filter(({ schema, name }) => wanted.has(exactPattern(schema, name)));
  const family = descendants(source.relations, roots);
  for (const { oid, schema, name } of source.relations)
    if (family.has(oid)) wanted.add(exactPattern(schema, name));
  answers.table = [...wanted];
  return answers;
}

/** For progress: what moves, and how much of it. */
export function relationsOf(selection: Selection): Relation[] {
  return selection.data
    .filter(({ kind }) => kind !== 'S')
    .map(({ schema, name, bytes, rows }) => ({ schema, name, bytes, rows }));
}
