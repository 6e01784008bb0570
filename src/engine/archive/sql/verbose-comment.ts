/** What `pg_dump -v` writes above an entry's comment. */
export interface VerboseComment {
  dumpId: number;
  oid: number;
  /** Dump ids. */
  dependencies: number[];
}

/** Reads one of the lines into what is known so far; null when it is another comment. */
export function verboseComment(text: string, before: VerboseComment | null): VerboseComment | null {
  const entry = /^ TOC entry (\d{1,10}) \(class \d{1,10} OID (\d{1,10})\)$/.exec(text);
  if (entry) return { dumpId: Number(entry[1]), oid: Number(entry[2]), dependencies: [] };
  const needs = before && /^ Dependencies:((?: \d{1,10})+)$/.exec(text);
  return needs ? { ...before, dependencies: needs[1]!.trim().split(' ').map(Number) } : null;
}
