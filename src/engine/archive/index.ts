/**
 * Reads dumps without PostgreSQL. `open` gives random access to any dump, `readContents` its entries alone,
 * `countRows` decodes it to its last byte. More in docs/reading-dumps.md.
 *
 *     await using dump = await open('shop.dump');
 *     for await (const row of dump.rows(id, { from: 1000, limit: 200 })) console.log(row.values);
 */
export { identify } from './identify';
export { openUnwrapped, type Unwrapped } from './unwrap';
export { DamageError, describeFault } from './errors';
export type * from './types';
export { tocName } from './formats/directory-identity';
export { dependencyGraph, type DependencyGraph } from './dependencies';
export { MASK, maskSecrets } from './sql/secrets';
export { countRows, emitScript, open, readContents, salvage } from './late';
