import { dependencyGraph, type Entry } from '../../archive';
import { heading, ownerStatement } from '../../archive/restoring';
import type { FillRequest, Resumed } from '../types';
import { isContent } from './choose';
import { emptyOnes } from './empty';
import type { Live } from './live';
import type { Parts } from '../../archive/restoring';

/** Said again without harm. */
const ABOUT = /^(?:ACL|DEFAULT ACL|COMMENT|SECURITY LABEL)$/;
/** What would act on rows that come after it, or refuse them: it is made after the rows, as in any restore. */
const AFTER_ROWS = /^(?:FK CONSTRAINT|TRIGGER)$/;

/** What a database of an earlier restore still lacks. */
export interface Rest {
  entries: Entry[];
  /** Of these: foreign keys and triggers that are there, and are made again after the rows. */
  around: Entry[];
  /** Statements that take those away. */
  before: string[];
  /** Statements that give what is there its owner, each under a comment that names the entry. */
  mends: string[];
  /** What those and repeated privileges and comments are about. */
  mended: Entry[];
  /** Rows that come to rows that are there: how many there are then, the backup does not say. */
  added: Set<number>;
}

interface Known {
  /** All of the backup that the options let through. */
  able: readonly Entry[];
  /** What the restore is about, with all that belongs to it. */
  chosen: readonly Entry[];
  parts: Parts;
  live: Live;
  named(entry: Entry): Entry;
}

/** The entries to pick to go on: those that failed, with what needs them; undefined where it broke off. */
export function pickedAgain(entries: readonly Entry[], { failed, replace }: Resumed): number[] | undefined {
  return failed && (replace ? failed : [...failed, ...dependencyGraph(entries).dependents(failed)]);
}

/** What is missing, and the rows of tables that are there and have none yet. */
export async function restOf({ restoring, database }: FillRequest, known: Known): Promise<Rest> {
  const { able, chosen, parts, live, named } = known;
  const { context, request } = restoring;
  const { failed, mend = [] } = request.resume!;
  const byId = new Map(able.map((entry) => [entry.id, entry]));
  const found = new Map(able.map((entry) => [entry.id, live.find(named(entry))]));
  const ownerOf = ({ id }: Entry): Entry | undefined => byId.get(parts.ownerOf(id) ?? -1);
  /** Whether what the entry is about, or belongs to, is there. */
  const hasPlace = (entry: Entry): boolean => {
    const owner = ownerOf(entry);
    return owner ? found.get(owner.id) !== undefined : isContent(entry);
  };
  const contents = chosen.filter((entry) => isContent(entry) && hasPlace(entry));
  const empty = await emptyOnes(context.access, database, contents.map(named), context.signal);
  const again = new Set(failed);
  const isMissing = (entry: Entry): boolean => {
    const { id, kind } = entry;
    if (!isContent(entry) && !ABOUT.test(kind)) return found.get(id) === undefined;
    if (again.has(id) || !hasPlace(entry)) return true;
    // Of a restore that broke off nobody knows how far it came: only what is empty is surely missing.
    return failed === undefined && (ABOUT.test(kind) || kind === 'STATISTICS DATA' || empty.has(id));
  };
  const missing = chosen.filter(isMissing);
  const filled = missing.filter((entry) => entry.kind === 'TABLE DATA' && hasPlace(entry));
  const tables = new Set(filled.flatMap((entry) => parts.tablesAbove(ownerOf(entry)!.id)));
  const around = able.filter(
    ({ id, kind }) => AFTER_ROWS.test(kind) && tables.has(parts.ownerOf(id) ?? -1) && found.get(id),
  );
  // A materialized view of what comes now was filled without it.
  const needing = new Set(tables.size ? dependencyGraph(able).dependents(tables) : []);
  const stale = able.filter(({ id, kind }) => kind === 'MATERIALIZED VIEW DATA' && needing.has(id));

  const toMend = new Set(failed ? mend : chosen.filter(hasOtherOwner).map(({ id }) => id));
  const mended = able.filter(
    ({ id, kind }) => toMend.has(id) && (ABOUT.test(kind) || found.get(id) !== undefined),
  );
  const taken = new Set([...missing, ...around, ...stale].map(({ id }) => id));
  const owned = mended.filter(({ id, kind }) => !ABOUT.test(kind) && !taken.has(id));
  for (const { id, kind } of mended) if (ABOUT.test(kind)) taken.add(id);
  return {
    entries: able.filter(({ id }) => taken.has(id)),
    before: around.toReversed().flatMap(({ id }) => found.get(id)?.dropStatement.trim() || []),
    around,
    mended,
    mends: owned.flatMap((entry) => {
      const statement = ownerStatement(named(entry)).trim();
      return statement ? `${heading(named(entry))}${statement}` : [];
    }),
    added: new Set(filled.filter(({ id }) => !empty.has(id)).map(({ id }) => id)),
  };

  function hasOtherOwner(entry: Entry): boolean {
    const there = found.get(entry.id);
    const wanted = named(entry).owner;
    return Boolean(there?.owner && wanted && wanted !== there.owner && !request.options?.['no-owner']);
  }
}
