import { maskSecrets, type Contents } from '../../archive';
import { fitsAny, isTableAsked } from '../patterns';
import type {
  Aspect,
  CompareOptions,
  Ignorable,
  Normalised,
  ObjectDifference,
  ObjectsCompared,
} from '../types';
import { inventoryOf, isLargeObject, type DatabaseObject, type Inventory } from './inventory';
import { ruleText, sameStatement } from './spelling';
import { tableBody } from './tableBody';
import { objectText } from './text';

const MOST_NAMED = 100;

/** Compares what two sides hold, object by object. */
export function compareObjects(left: Contents, right: Contents, options: CompareOptions): ObjectsCompared {
  const [ofLeft, ofRight] = [inventoryOf(left), inventoryOf(right)];
  return compareInventories(ofLeft, ofRight, options);
}

export function compareInventories(
  left: Inventory,
  right: Inventory,
  options: CompareOptions,
): ObjectsCompared {
  const ignored = new Set(options.ignore);
  const spellings = new Spellings([left.major, right.major], ignored);
  const differences: ObjectDifference[] = [];
  const largeObjects = [left, right].every(({ objects }) => [...objects.keys()].some(isLargeObject));
  const same = new Map<string, { kind: string; schema: string | null; count: number }>();
  for (const key of new Set([...right.objects.keys(), ...left.objects.keys()])) {
    const [before, after] = [left.objects.get(key), right.objects.get(key)];
    const object = after ?? before!;
    // A database is read without its rows, and with them without these: their contents tell which there are.
    if (!isAsked(object, options) || (!largeObjects && isLargeObject(key))) continue;
    const aspects = before && after ? aspectsOf(before, after, spellings, ignored) : [];
    const { kind, schema } = object.entry;
    if (before && after && aspects.length === 0) {
      const group = JSON.stringify([kind, schema]);
      const counted = same.get(group) ?? { kind: shownKind(object), schema, count: 0 };
      counted.count++;
      same.set(group, counted);
      continue;
    }
    differences.push({
      ...{ key, kind: shownKind(object), schema, name: shownName(object), table: object.table },
      change: !before ? 'added' : !after ? 'removed' : 'changed',
      aspects,
      left: before ? objectText(before, ignored) : null,
      right: after ? objectText(after, ignored) : null,
    });
  }
  const order = ({ schema, table, kind, name }: ObjectDifference): string =>
    JSON.stringify([schema ?? '', table?.name ?? name, table ? 1 : 0, kind, name]);
  differences.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  return { differences, same: [...same.values()], normalised: spellings.normalised() };
}

/** Large objects come in groups; each is one of its own here. */
function shownKind({ key, entry }: DatabaseObject): string {
  return isLargeObject(key) ? 'LARGE OBJECT' : entry.kind;
}

function shownName({ key, entry }: DatabaseObject): string {
  return isLargeObject(key) ? String((JSON.parse(key) as unknown[])[3]) : entry.name;
}

function isAsked({ entry, table }: DatabaseObject, options: CompareOptions): boolean {
  const { kinds, ignore, schemas, tables } = options;
  if (ignore?.includes('statistics') && entry.kind === 'STATISTICS') return false;
  if (!fitsAny(entry.kind, kinds)) return false;
  if (!tables)
    return fitsAny((entry.kind === 'SCHEMA' ? entry.name : (table ?? entry).schema) ?? '', schemas);
  if (!table && !/TABLE$/.test(entry.kind)) return false;
  return isTableAsked(table ?? entry, options);
}

/** Whether statements say the same, and what had to be made alike. */
class Spellings {
  readonly #majors: readonly [number, number];
  readonly #whitespace: boolean;
  readonly #found = new Map<string, Normalised>();

  constructor(majors: readonly [number, number], ignored: ReadonlySet<Ignorable>) {
    this.#majors = majors;
    this.#whitespace = ignored.has('whitespace');
  }

  same({ key, entry }: DatabaseObject, left: string, right: string): boolean {
    const { same, rules } = sameStatement(entry.kind, [left, right], this.#majors, {
      whitespace: this.#whitespace,
    });
    for (const rule of rules) {
      const found = this.#found.get(rule) ?? { rule, text: ruleText(rule), objects: [], count: 0 };
      found.count++;
      if (found.objects.length < MOST_NAMED) found.objects.push(key);
      this.#found.set(rule, found);
    }
    return same;
  }

  /** Lists of statements, whose order does not count. */
  sameAll(object: DatabaseObject, left: readonly string[], right: readonly string[]): boolean {
    const [some, others] = [left.toSorted(), right.toSorted()];
    return some.length === others.length
      ? some.every((text, at) => this.same(object, text, others[at]!))
      : this.same(object, some.join('\n'), others.join('\n'));
  }

  normalised(): Normalised[] {
    return [...this.#found.values()];
  }
}

function aspectsOf(
  before: DatabaseObject,
  after: DatabaseObject,
  spellings: Spellings,
  ignored: ReadonlySet<Ignorable>,
): Aspect[] {
  const aspects: Aspect[] = [];
  const [left, right] = [before.entry, after.entry];
  const definition = definitionAspect(before, after, spellings, ignored);
  if (definition) aspects.push(definition);
  if (!definition && !spellings.sameAll(after, before.defaults, after.defaults)) aspects.push('columns');
  if (!ignored.has('owners') && (left.owner ?? '') !== (right.owner ?? '') && (before.owner || after.owner))
    aspects.push('owner');
  if (!ignored.has('privileges') && !spellings.sameAll(after, before.privileges, after.privileges))
    aspects.push('privileges');
  if (!ignored.has('comments') && !spellings.sameAll(after, before.comments, after.comments))
    aspects.push('comment');
  if (!spellings.sameAll(after, before.labels, after.labels)) aspects.push('labels');
  if (!ignored.has('tablespaces') && (left.tablespace ?? '') !== (right.tablespace ?? ''))
    aspects.push('tablespace');
  // Archives of before PostgreSQL 12 do not tell it.
  if (left.accessMethod && right.accessMethod && left.accessMethod !== right.accessMethod)
    aspects.push('accessMethod');
  return aspects;
}

function definitionAspect(
  before: DatabaseObject,
  after: DatabaseObject,
  spellings: Spellings,
  ignored: ReadonlySet<Ignorable>,
): Aspect | null {
  // Large objects differ by who owns them; the groups they come in mean nothing.
  if (isLargeObject(after.key)) return null;
  const [left, right] = [before.entry.definition, after.entry.definition];
  if (spellings.same(after, left, right)) return null;
  if (maskSecrets(left) === maskSecrets(right)) return 'secret';
  if (!/TABLE$/.test(after.entry.kind)) return 'definition';
  const [bodyBefore, bodyAfter] = [tableBody(left), tableBody(right)];
  if (!bodyBefore || !bodyAfter) return 'definition';
  const frame = ({ head, tail }: typeof bodyAfter): string => `${head} ${tail}`;
  if (!spellings.same(after, frame(bodyBefore), frame(bodyAfter))) return 'definition';
  const items = ({ items }: typeof bodyAfter): string[] => items.map(({ text }) => text).sort();
  if (ignored.has('columnOrder') && spellings.sameAll(after, items(bodyBefore), items(bodyAfter)))
    return null;
  return 'columns';
}
