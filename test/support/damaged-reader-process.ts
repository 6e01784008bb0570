import { createHash } from 'node:crypto';
import { open, salvage } from '../../src/engine/archive';
import { RestorePointError } from '../../src/engine/errors';
import { readDamaged } from './damage';

export interface Job {
  path: string;
  /** Also salvages it. */
  salvage?: { target: string; as: 'script' | 'files' };
}

/** Digests of what a dump gives to its readers. */
export interface Given {
  facts: string;
  definitions: string;
  rows: string;
  largeObjects: string;
}

export interface Outcome {
  faults: string[];
  /** Null when there are faults. */
  given: Given | null;
  /** The most memory of this process so far, in MiB. */
  peak: number;
  failure?: string;
}

/** All that can be read of a dump in which nothing was found to be wrong. */
async function digest(path: string): Promise<Given> {
  const hashes = ['facts', 'definitions', 'rows', 'largeObjects'].map((name) => [name, createHash('md5')]);
  const { facts, definitions, rows, largeObjects } = Object.fromEntries(hashes) as Record<
    keyof Given,
    ReturnType<typeof createHash>
  >;
  await using dump = await open(path);
  const { source, createdAt, archiveVersion, entries, metaCommands } = dump.contents;
  facts.update(JSON.stringify([source, createdAt, archiveVersion]));
  definitions.update(JSON.stringify(metaCommands));
  for (const entry of entries) {
    const { id, kind, schema, name, owner, section, definition, dropStatement, copyStatement } = entry;
    const { dependencies, tablespace, accessMethod, hasData } = entry;
    definitions.update(
      JSON.stringify([
        ...[id, kind, schema, name, owner, section, definition, dropStatement, copyStatement],
        ...[dependencies, tablespace, accessMethod, hasData],
      ]),
    );
    if (!hasData || kind === 'BLOBS') continue;
    for await (const part of dump.data(id).read(0)) rows.update(part);
    rows.update(String(id));
  }
  for await (const { oid } of dump.largeObjects()) {
    largeObjects.update(String(oid));
    for await (const part of dump.largeObject(oid)) largeObjects.update(part);
  }
  return {
    facts: facts.digest('hex'),
    definitions: definitions.digest('hex'),
    rows: rows.digest('hex'),
    largeObjects: largeObjects.digest('hex'),
  };
}

async function read({ path, salvage: wanted }: Job): Promise<Omit<Outcome, 'peak'>> {
  const { faults } = await readDamaged(path);
  if (wanted)
    try {
      await salvage(path, wanted.target, { as: wanted.as });
    } catch (error) {
      if (!(error instanceof RestorePointError)) throw error;
    }
  return { faults, given: faults.length === 0 ? await digest(path) : null };
}

process.on('message', (job: Job) => {
  void read(job)
    .catch((error: Error) => ({ faults: [], given: null, failure: String(error.stack ?? error) }))
    .then((outcome) => process.send!({ ...outcome, peak: process.resourceUsage().maxRSS / 1024 }));
});
