import type { Artifact, Manifest, Suspicion, TableRows } from '../artifacts/types';
import { countedTables, isPart, suspicionsOf, type SuspicionOptions } from '../artifacts';

/** One backup of a database among those before and after it. */
export interface HistoryPoint {
  path: string;
  /** ISO 8601. */
  at: string;
  bytes: number;
  /** Null where nobody counted. */
  tables: TableRows[] | null;
  /** The last verification found damage. */
  damaged: boolean;
  /** It was chosen what of the database is in it: what it does not have may have been there. */
  part: boolean;
  suspicions: Suspicion[];
}

/** The backups of one database, oldest first, each judged against those before it. Half-made ones are none. */
export async function historyOf(
  artifacts: readonly Artifact[],
  database: string,
  options: SuspicionOptions = {},
): Promise<HistoryPoint[]> {
  const own = artifacts
    .filter(({ partial, source }) => !partial && source.database === database)
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  const before: Manifest[] = [];
  const points: HistoryPoint[] = [];
  for (const artifact of own) {
    const { path, createdAt, bytes, manifest, evidence } = artifact;
    points.push({
      path,
      at: createdAt,
      bytes,
      tables: await countedTables(artifact),
      damaged: evidence?.ok === false,
      part: manifest !== null && isPart(manifest),
      suspicions: manifest ? suspicionsOf(manifest, before, options) : [],
    });
    if (manifest) before.unshift(manifest);
  }
  return points;
}

/** A table over the backups: its rows, null where it was not counted, undefined where it is not there. */
export function tableHistory(
  points: readonly HistoryPoint[],
  { schema, name }: { schema: string; name: string },
): { point: HistoryPoint; rows: number | null | undefined }[] {
  return points.map((point) => ({
    point,
    rows:
      point.tables === null
        ? null
        : point.tables.find((one) => one.schema === schema && one.name === name)?.rows,
  }));
}
