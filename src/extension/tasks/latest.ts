import type { Artifact } from '../../engine/artifacts/types';

/** Answers that make a dump one of a part of its database. */
const parts = [
  'schemas',
  'tables',
  'schema',
  'table',
  'table-and-children',
  'extension',
  'filter',
  'section',
  'schema-only',
  'data-only',
  'statistics-only',
  'no-schema',
  'no-data',
];

/** Whose backup is looked for: a backup knows its connection's name and `host:port`. */
export interface Origin {
  connection: string;
  servers: string[];
  database: string;
}

/**
 * The newest good backup of a whole database. Rows of a table, parts of a database, half-made files, files
 * that failed their verification and files without our manifest do not count: restoring one of them
 * unseen would be a surprise.
 *
 * @param artifacts newest first.
 */
export function newestWhole(
  artifacts: readonly Artifact[],
  { connection, servers, database }: Origin,
): Artifact | undefined {
  return artifacts.find(
    ({ partial, evidence, manifest, source }) =>
      !partial &&
      manifest?.method === 'dump' &&
      evidence?.ok !== false &&
      source.database === database &&
      (source.connection === connection || (source.server !== null && servers.includes(source.server))) &&
      !parts.some((part) => isSet(manifest.options[part])),
  );
}

function isSet(answer: unknown): boolean {
  return answer !== undefined && answer !== false && !(Array.isArray(answer) && answer.length === 0);
}
