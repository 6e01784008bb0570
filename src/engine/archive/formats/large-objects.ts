import type { Entry } from '../types';

/** What the entries tell about large objects: whose they are and the comments on them. */
export class LargeObjectFacts {
  readonly #owners = new Map<string, string>();
  readonly #comments = new Map<number, string>();

  constructor(entries: readonly Entry[]) {
    for (const { kind, name, owner, definition } of entries) {
      // BLOB: one object, before 1.16; BLOB METADATA: as many as its BLOBS entry of the same name.
      if ((kind === 'BLOB' || kind === 'BLOB METADATA') && owner) this.#owners.set(name, owner);
      else if (kind === 'COMMENT' && name.startsWith('LARGE OBJECT ')) {
        const comment = commentText(definition);
        if (comment !== null) this.#comments.set(Number(name.slice(13)), comment);
      }
    }
  }

  /** `group`: the name of the BLOBS entry it lies in. */
  of(oid: number, group: string): { owner: string | null; comment: string | null } {
    return {
      owner: this.#owners.get(String(oid)) ?? this.#owners.get(group) ?? null,
      comment: this.#comments.get(oid) ?? null,
    };
  }
}

/** The text of a `COMMENT ON … IS '…';` as pg_dump writes it; null for another statement. */
function commentText(statement: string): string | null {
  const match = /^COMMENT ON LARGE OBJECT \d+ IS (E?)'((?:[^']|'')*)';?\s*$/s.exec(statement);
  if (!match) return null;
  const text = match[2]!.replaceAll("''", "'");
  return match[1] ? text.replaceAll('\\\\', '\\') : text;
}

/** OIDs an entry that makes large objects is for; none for any other. */
export function createdObjects({ kind, name, definition }: Entry): number[] {
  if (kind === 'BLOB') return [Number(name)];
  // Archives: no SQL, one OID on each line. Scripts: the statements that make them.
  if (kind !== 'BLOB METADATA') return [];
  return (definition.match(/^\d+$|(?<=lo_create\(')\d+/gm) ?? []).map(Number);
}

/** Large objects the table of contents names for a BLOBS entry, of which the data has none. */
export function missingObjects(blobs: Entry, entries: readonly Entry[], met: ReadonlySet<number>): number[] {
  // Since 1.16 both entries of a group have the same name; before, there is one of data for all objects.
  const makers = entries.filter(
    ({ kind, name }) => kind === 'BLOB' || (kind === 'BLOB METADATA' && name === blobs.name),
  );
  return makers.flatMap(createdObjects).filter((oid) => !met.has(oid));
}
