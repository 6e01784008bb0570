import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { countRows, describeFault, maskSecrets, open, type Archive } from '../../engine/archive';
import type { Artifact } from '../../engine/artifacts';
import { isWalArchive } from '../../engine/physical/segments';
import { common, parse, theOne, UsageError, wholeNumber } from '../args';
import {
  contentsDocument,
  describeContents,
  describeMembers,
  membersDocument,
  publicEntry,
  type TableCount,
} from '../inspect/describe';
import { findEntry, findTable } from '../inspect/find';
import { MOST_ROWS, printRows } from '../inspect/rows';
import { findOptions, findUsage, queryOf } from '../inspect/search';
import { exitCodes, type Io, type Verb } from '../io';
import { bytesText, note, printable, printLongResult, printResult, table } from '../output';
import { progressLine } from '../progress';
import { openArtifact } from './verify';

const usage = `restore-point inspect: what is in a backup, read without PostgreSQL

Usage: restore-point inspect ARTIFACT [--count] [--json]
       restore-point inspect ARTIFACT --ddl ENTRY [--show-secrets] [--json]
       restore-point inspect ARTIFACT --table TABLE [--rows N] [--offset M] [--find TEXT …] [--count] [--json]
       restore-point inspect ARTIFACT --large-objects [--json]

  --ddl ENTRY      the SQL that makes one entry: its id, or SCHEMA.NAME
  --show-secrets   passwords and their hashes in it as they are, not as dots
  --table TABLE    rows of a table: SCHEMA.NAME, or the id of its data
  --rows N         at most this many (20)
  --offset M       beginning with this row, counted from 0
${findUsage}
  --count          exact rows of every table, or of the one named; reads the dump to its end
  --large-objects  the large objects, with their sizes where the dump tells them
  --json           {"artifact", "format", "archiveVersion", "compression", "source": {database, serverVersion,
                   toolVersion}, "createdAt", "entries": [{id, kind, schema, name, owner, section, bytes, hasData}],
                   "metaCommands", "faults", "manifest"}, with --count "tables": [{schema, name, rows}];
                   with --ddl {"entry", "definition"}; with --table {"table", "columns", "types", "offset", "total",
                   "rows": [[text or null]]} ("total" is null until the end was seen);
                   with --table --count {"table", "total"}; with --large-objects {"largeObjects": [{oid, bytes,
                   owner, comment}]}. Bytes that do not decode are \\udc80 … \\udcff.

A base backup shows its server, system identifier, timeline, start and end, tablespaces, sizes by database, its chain
and the WAL it needs; with --json also {"id", "level", "parent", "startLsn", "stopLsn", "databases", "largest", "wal", …}.

A folder of WAL shows timelines, ranges, gaps and size by day, as wal list does.

A dump may lie inside a compressed file, a zip or a tar. A set (a folder of several dumps) lists its members;
inspect each by its own path.
`;

export const verb: Verb = {
  usage,
  async run(args, io) {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: {
        ...common,
        ...findOptions,
        ddl: { type: 'string' },
        'show-secrets': { type: 'boolean' },
        table: { type: 'string' },
        rows: { type: 'string' },
        offset: { type: 'string' },
        count: { type: 'boolean' },
        'large-objects': { type: 'boolean' },
      },
    });
    const given = theOne(positionals, l10n.t('inspect takes one artifact.'));
    const views = [values.ddl, values.table, values['large-objects']].filter((value) => value !== undefined);
    if (views.length > 1) throw new UsageError(l10n.t('Take one of --ddl, --table and --large-objects.'));
    const query = queryOf(values);
    for (const option of ['rows', 'offset', 'find'] as const)
      if (values[option] !== undefined && values.table === undefined)
        throw new UsageError(l10n.t('--{0} needs --table.', option));
    if (values['show-secrets'] && values.ddl === undefined)
      throw new UsageError(l10n.t('--{0} needs --{1}.', 'show-secrets', 'ddl'));
    const page = {
      rows: Math.min(MOST_ROWS, wholeNumber('rows', values.rows ?? '20')),
      offset: wholeNumber('offset', values.offset ?? '0'),
      ...(query ? { find: query } : {}),
    };

    const path = resolve(given);
    if (await isWalArchive(path)) {
      if (views.length) throw new UsageError(l10n.t('An archive of WAL holds segments, no entries.'));
      return await (await import('../wal/list')).listWal(path, io);
    }
    const artifact = await openArtifact(path);
    const { kind } = artifact.recognised;
    if (kind === 'basebackup') {
      if (views.length) throw new UsageError(l10n.t('A base backup holds files of a cluster, no entries.'));
      const { printBaseBackup } = await import('../inspect/baseBackup');
      await printBaseBackup(io, artifact);
      return exitCodes.done;
    }
    if (kind === 'set' || kind === 'rows') {
      const wanted = values.ddl ?? values.table;
      if (wanted !== undefined) findEntry([], wanted, artifact.path);
      printResult(io, membersDocument(artifact), describeMembers(artifact));
      return exitCodes.done;
    }
    await using archive = await open(artifact.path, { signal: io.signal });
    const { entries, faults } = archive.contents;
    for (const fault of faults) note(io, l10n.t('Damaged: {0}', describeFault(fault)));
    if (values.ddl !== undefined) {
      const entry = findEntry(entries, values.ddl, artifact.path);
      const written = entry.definition || entry.copyStatement;
      const definition = values['show-secrets'] ? written : maskSecrets(written);
      printResult(io, { entry: publicEntry(entry), definition }, definition);
    } else if (values.table !== undefined) {
      const entry = findTable(entries, values.table, artifact.path);
      if (values.count) await printCount(io, archive, entry.id);
      else await printRows(io, archive, entry, page);
    } else if (values['large-objects']) await printLargeObjects(io, archive);
    else {
      const counts = values.count ? await countAll(io, artifact) : null;
      printLongResult(
        io,
        () => contentsDocument(artifact, archive.contents, counts),
        () => describeContents(artifact, archive.contents, counts),
      );
    }
    return exitCodes.done;
  },
};

async function printCount(io: Io, archive: Archive, id: number): Promise<void> {
  const { schema, name } = archive.entry(id);
  const total = await counting(io, (onProgress) => archive.count(id, { signal: io.signal, onProgress }));
  printResult(io, { table: { id, schema, name }, total }, String(total));
}

async function countAll(io: Io, { path }: Artifact): Promise<TableCount[]> {
  const { tables, faults } = await counting(io, (onProgress) =>
    countRows(path, { signal: io.signal, onProgress }),
  );
  for (const fault of faults) note(io, l10n.t('Damaged: {0}', describeFault(fault)));
  return tables;
}

async function counting<T>(io: Io, run: (onProgress: (fraction: number) => void) => Promise<T>): Promise<T> {
  const progress = progressLine(io);
  try {
    return await run((fraction) =>
      progress.show({ fraction, what: l10n.t('Counting rows'), remainingMs: null }),
    );
  } finally {
    progress.end();
  }
}

async function printLargeObjects(io: Io, archive: Archive): Promise<void> {
  const largeObjects = [];
  for await (const object of archive.largeObjects({ signal: io.signal })) largeObjects.push(object);
  printResult(
    io,
    { largeObjects },
    table(
      [
        ['oid', 'bytes', 'owner', 'comment'],
        ...largeObjects.map(({ oid, bytes, owner, comment }) => [
          String(oid),
          bytesText(bytes),
          printable(owner ?? ''),
          printable(comment ?? ''),
        ]),
      ],
      [0, 1],
    ),
  );
}
