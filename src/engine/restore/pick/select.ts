import { dependencyGraph, type Entry, type Renames } from '../../archive';
import { Renamer, withReferences } from '../../archive/restoring';
import { readLive } from '../../inventory';
import { quoteIdent } from '../../connections';
import type { RestoredTable } from '../../plan';
import { chosenEntries } from '../chosen';
import type { FillRequest, RestoreRequest } from '../types';
import { beside, type Beside } from './beside';
import { choose, isContent, type Choice } from './choose';
import { findEntries } from './find';
import { Live, type Replacing } from './live';
import { Parts } from '../../archive/restoring';
import { pickedAgain, restOf } from './resumed';

/** Which entries of a backup are restored, under which names, and what has to be done around that. */
export interface Selection {
  /** As they are in the backup, in its order. */
  entries: Entry[];
  /** Under their new names. */
  named: Entry[];
  renames: Renames | null;
  before: string[];
  after: string[];
  choice: Choice;
  /** Left out with extensions. */
  extended: Entry[];
  /** On the target and left as they are. */
  kept: Entry[];
  replacing: Replacing | null;
  beside: Beside | null;
  /** There, and made again after rows that come now. */
  around: Entry[];
  /** What is there and gets its owner, privileges or comment again. */
  mended: Entry[];
  /** The statements for owners, each under a comment that names its entry. */
  mends: string[];
  /** Functions in languages that are not read, and that may name a renamed schema. */
  unread: Entry[];
  tables: RestoredTable[];
}

/** Never dropped for being replaced: too much may be in them. */
const STAYS = /^(?:SCHEMA|EXTENSION|PROCEDURAL LANGUAGE|DATABASE.*|DEFAULT ACL|COMMENT|ACL|SECURITY LABEL)$/;
/** Said again without harm. */
const REPEATABLE = /^(?:COMMENT|ACL|DEFAULT ACL|SECURITY LABEL|ROW SECURITY|SEQUENCE OWNED BY)$/;

/** Whether a request asks for less than, or other names than, the backup has. */
export function selects({
  pick,
  rename,
  resume,
  withoutExtensions,
  withoutSettings,
}: RestoreRequest): boolean {
  const renames = Object.values(rename ?? {}).some((names) => Object.keys(names ?? {}).length > 0);
  const without = Boolean(withoutExtensions?.length || withoutSettings?.length);
  return pick !== undefined || resume !== undefined || renames || without;
}

export async function select({ restoring, source, database, inPlace }: FillRequest): Promise<Selection> {
  const { request, context } = restoring;
  const { pick, resume, withoutExtensions = [] } = request;
  const entries = withReferences(source.contents);
  const renames = renamesOf(request);
  const renamer = renames && new Renamer(entries, renames);
  const named = (entry: Entry): Entry => renamer?.entry(entry) ?? entry;
  const live = inPlace
    ? new Live(await readLive(context.access, database, context.builds, { signal: context.signal }))
    : null;
  const isThere = (entry: Entry): boolean =>
    live ? live.find(named(entry)) !== undefined : entry.kind === 'SCHEMA' && named(entry).name === 'public';

  const left = leftOut(entries, withoutExtensions);
  const able = chosenEntries({ ...source.contents, entries }, request.options).filter(
    ({ id }) => !left.has(id),
  );
  const ticked =
    (resume && pickedAgain(entries, resume)) ??
    (pick ? findEntries(entries, pick.entries) : able.map(({ id }) => id));
  const choice = choose(entries, ticked, {
    dependencies: pick?.dependencies ?? true,
    rows: pick?.rows ?? true,
    present: isThere,
  });
  const ids = new Set(choice.entries);
  const chosen = able.filter(({ id }) => ids.has(id));
  const base = {
    choice,
    extended: entries.filter(({ id }) => left.has(id)),
    renames,
    replacing: null,
    beside: null,
    around: [],
    mended: [],
    mends: [],
  };
  const finish = (some: Entry[], more: Partial<Selection> = {}): Selection => {
    const names = more.renames ?? renames;
    const writer = names && new Renamer(entries, names);
    const written = some.map((entry) => writer?.entry(entry) ?? entry);
    return {
      ...{ before: [], after: [], kept: [], ...base, entries: some, named: written },
      unread: writer ? some.filter((entry) => writer.unread(entry)) : [],
      tables: restoredTables(some, written),
      ...more,
    };
  };
  const schemas = newSchemas(chosen, renames, live);
  if (!live)
    return finish(
      chosen.filter((entry) => !isThere(entry)),
      { before: schemas },
    );
  if (resume && !resume.replace) {
    const parts = new Parts(entries);
    const { added, ...rest } = await restOf(
      { restoring, source, database, inPlace },
      { able, chosen, parts, live, named },
    );
    const found = finish(rest.entries, {
      ...rest,
      before: [...rest.before, ...schemas],
      mended: rest.mended.map(named),
    });
    const isWhole = ({ schema, name }: RestoredTable): boolean =>
      !rest.entries.some((e) => added.has(e.id) && e.schema === schema && e.name === name);
    return { ...found, tables: found.tables.filter(isWhole) };
  }
  const existing = resume ? 'replace' : pick ? (pick.existing ?? 'add') : 'replace';
  if (existing === 'beside') {
    const asked = new Set([...choice.asked].filter((id) => ids.has(id)));
    const found = beside(source.contents, asked, live);
    const besides = new Set(found.entries);
    const some = chosen.filter(({ id }) => besides.has(id) || (choice.needed.has(id) && !asked.has(id)));
    return finish(some, {
      renames: { ...renames, relations: found.renames },
      beside: found,
      before: schemas,
    });
  }
  const parts = new Parts(entries);
  const owners = (entry: Entry): number | undefined => parts.ownerOf(entry.id);
  if (existing === 'add') {
    const there = new Set(chosen.filter((entry) => !isContent(entry) && isThere(entry)).map(({ id }) => id));
    const some = chosen.filter((entry) => {
      const owner = owners(entry);
      if (isContent(entry) || REPEATABLE.test(entry.kind)) return owner === undefined || !there.has(owner);
      return !there.has(entry.id);
    });
    const kept = chosen.filter(({ id }) => there.has(id) && !ids.has(parts.ownerOf(id) ?? -1));
    return finish(some, { kept, before: schemas });
  }
  const replaced = chosen.flatMap((entry) => {
    if (isContent(entry) || STAYS.test(entry.kind) || !choice.asked.has(entry.id)) return [];
    return live.find(named(entry)) ?? [];
  });
  const emptied = chosen.flatMap((entry) => {
    const owner = owners(entry);
    if (entry.kind !== 'TABLE DATA' || owner === undefined || ids.has(owner)) return [];
    const table = entries.find(({ id }) => id === owner);
    return table ? (live.find(named(table)) ?? []) : [];
  });
  const replacing = live.replacing(replaced, emptied);
  const some = chosen.filter(
    (entry) => !(STAYS.test(entry.kind) && !REPEATABLE.test(entry.kind) && isThere(entry)),
  );
  return finish(some, {
    replacing,
    before: [...replacing.before, ...schemas],
    after: replacing.after,
  });
}

function renamesOf({ rename }: RestoreRequest): Renames | null {
  const { schemas = {}, owners = {}, tablespaces = {} } = rename ?? {};
  const some = [schemas, owners, tablespaces].some((names) => Object.keys(names).length > 0);
  return some ? { schemas, roles: owners, tablespaces } : null;
}

/** Extensions, and what cannot be without them. */
function leftOut(entries: readonly Entry[], extensions: readonly string[]): Set<number> {
  const ids = entries
    .filter(({ kind, name }) => kind === 'EXTENSION' && extensions.includes(name))
    .map(({ id }) => id);
  return ids.length === 0 ? new Set() : new Set([...ids, ...dependencyGraph(entries).dependents(ids)]);
}

/** Statements for schemas that things go into and that neither the backup nor the target has. */
function newSchemas(chosen: readonly Entry[], renames: Renames | null, live: Live | null): string[] {
  const made = new Set(chosen.flatMap((entry) => (entry.kind === 'SCHEMA' ? entry.name : [])));
  const wanted = new Set(
    chosen.flatMap(({ schema }) =>
      schema === null || made.has(schema) ? [] : (renames?.schemas?.[schema] ?? []),
    ),
  );
  const isThere = (name: string): boolean =>
    name === 'public' ||
    Boolean(live?.entries.some((entry) => entry.kind === 'SCHEMA' && entry.name === name));
  return [...wanted].filter((name) => !isThere(name)).map((name) => `CREATE SCHEMA ${quoteIdent(name)};`);
}

function restoredTables(entries: readonly Entry[], named: readonly Entry[]): RestoredTable[] {
  return entries.flatMap((entry, i) => {
    const { kind, schema, name, hasData } = entry;
    if (kind !== 'TABLE DATA' || schema === null || !hasData) return [];
    const now = named[i]!;
    const same = now.schema === schema && now.name === name;
    return [{ schema, name, ...(same ? {} : { as: { schema: now.schema ?? schema, name: now.name } }) }];
  });
}
