import { basename } from 'node:path';
import * as l10n from '@vscode/l10n';
import { inspectArtifact } from '../artifacts';
import { quoteIdent, serverFacts, withClient, type Access } from '../connections';
import { RestorePointError } from '../errors';
import { formatBytes } from '../format';
import type { CompareStep, Plan, SqlStep, Warning } from '../plan';
import { chooseForDump, type ClientBuild } from '../tools';
import { comparisonPath } from './place';
import type { CompareOptions, Side } from './types';

/** A side as it is asked for: a dump, or a database with the way to its server. */
export type AskedSide =
  | { kind: 'artifact'; path: string; database?: string }
  | { kind: 'database'; access: Access; database: string };

export interface CompareRequest {
  left: AskedSide;
  right: AskedSide;
  options: CompareOptions;
  /** The comparison's file; absent: one in `folder`, named by the time. */
  path?: string;
}

export interface ComparePlanning {
  builds: ClientBuild[];
  now: Date;
  /** Where comparisons are kept. */
  folder: string;
  /** The command line that does the same, where there is one. */
  command?: string;
  signal?: AbortSignal;
}

interface LookedAt {
  side: Side;
  title: string;
  bytes: number;
  build: ClientBuild | null;
  /** A restore point, which lets nobody in. */
  closed: boolean;
  /** The database of the same server that lets us in. */
  entrance: string;
}

/** What will be read, and from where. Throws `connection.*`, `tool.*`, `compare.same`, and what a file says. */
export async function planCompare(request: CompareRequest, planning: ComparePlanning): Promise<Plan> {
  const left = await lookAt(request.left, 'left', planning);
  const right = await lookAt(request.right, 'right', planning);
  refuseSame(request);
  const { options } = request;
  const title = l10n.t('Compare {0} with {1}', left.title, right.title);
  const path = request.path ?? comparisonPath(planning.folder, [left.title, right.title], planning.now);
  const sides = [left, right];
  const step: CompareStep = {
    do: 'compare',
    title,
    weight: 1000,
    left: left.side,
    right: right.side,
    options,
    path,
    builds: sides.flatMap(({ build }) => build ?? []),
    titles: Object.fromEntries(
      sides.flatMap(({ side, title }) => (side.kind === 'database' ? [[side.connection, title]] : [])),
    ),
    command: planning.command ?? null,
  };
  const opening = sides.flatMap(letIn);
  const closing = sides.flatMap(letNobodyIn);
  return {
    version: 1,
    kind: 'compare',
    title,
    connections: Object.fromEntries(
      (['left', 'right'] as const).flatMap((key) => {
        const side = request[key];
        return side.kind === 'database' ? [[key, side.access.connection]] : [];
      }),
    ),
    steps: [...opening, step, ...closing],
    onFailure: closing,
    locks: [],
    destroys: [],
    wayBack: null,
    ifItFails: l10n.t('Nothing of either side was changed.'),
    warnings: sides.flatMap((side) => loadOf(side, options)),
    estimate: { bytes: null, freeBytes: null, durationMs: null, basis: '' },
    facts: { left: left.title, right: right.title, rows: options.rows ?? false, comparison: path },
  };
}

async function lookAt(
  asked: AskedSide,
  key: 'left' | 'right',
  { builds, signal }: ComparePlanning,
): Promise<LookedAt> {
  if (asked.kind === 'artifact') {
    const { database } = asked;
    const { path, bytes } = await inspected(asked.path);
    const side: Side = { kind: 'artifact', path, ...(database === undefined ? {} : { database }) };
    return { side, title: basename(path), bytes, build: null, closed: false, entrance: '' };
  }
  const { access, database } = asked;
  const entrance = access.loginDatabase ?? access.connection.settings.database;
  // A restore point lets nobody in: the server is asked from another database.
  const { version, bytes, allows } = await withClient(
    access,
    entrance,
    async (session) => {
      const { rows } = await session.query<{ bytes: string | null; allows: boolean }>(
        `select case when pg_catalog.has_database_privilege(oid, 'connect')
                     then pg_catalog.pg_database_size(oid) end::text as bytes, datallowconn as allows
           from pg_catalog.pg_database where datname = $1`,
        [database],
      );
      if (!rows[0]) throw missing(database);
      return { version: (await serverFacts(session)).version, ...rows[0] };
    },
    { signal },
  );
  return {
    side: { kind: 'database', connection: key, database },
    title: l10n.t('{0} on {1}', database, access.connection.name),
    bytes: Number(bytes ?? 0),
    build: chooseForDump(builds, version).build,
    closed: !allows,
    entrance,
  };
}

/** A dump, or why it is none. */
async function inspected(path: string): Promise<{ path: string; bytes: number }> {
  const artifact = await inspectArtifact(path).catch((error: Error) => {
    if (error instanceof RestorePointError) throw error;
    throw new RestorePointError(
      {
        code: 'artifact.notFound',
        what: l10n.t('The backup cannot be opened: {0}', basename(path)),
        why: error.message,
        next: l10n.t('Check the path.'),
      },
      { cause: error },
    );
  });
  const { kind } = artifact.recognised;
  if (kind === 'archive' || kind === 'script' || kind === 'clusterScript') return artifact;
  throw new RestorePointError({
    code: 'compare.notADump',
    what: l10n.t('{0} is nothing that can be compared.', basename(path)),
    why:
      kind === 'set'
        ? l10n.t('It is the backup of several databases, each in a dump of its own.')
        : l10n.t('It is no dump of a database.'),
    next: kind === 'set' ? l10n.t('Choose one of its dumps.') : l10n.t('Choose a dump.'),
  });
}

function missing(database: string): RestorePointError {
  return new RestorePointError({
    code: 'connection.noDatabase',
    what: l10n.t('There is no database {0}.', database),
    why: '',
    next: l10n.t('Choose one of the databases of the server.'),
  });
}

function refuseSame({ left, right }: CompareRequest): void {
  const same =
    left.kind === 'artifact'
      ? right.kind === 'artifact' && left.path === right.path && left.database === right.database
      : right.kind === 'database' &&
        left.database === right.database &&
        left.access.endpoint.host === right.access.endpoint.host &&
        left.access.endpoint.port === right.access.endpoint.port;
  if (same)
    throw new RestorePointError({
      code: 'compare.same',
      what: l10n.t('Both sides are the same.'),
      why: '',
      next: l10n.t('Choose another one to compare with.'),
    });
}

/** What reading does to a server that others use. */
function loadOf({ side, title, bytes }: LookedAt, { rows, rate }: CompareOptions): Warning[] {
  if (side.kind !== 'database' || !rows) return [];
  const text = l10n.t(
    'Up to {0} are read from {1}, in one snapshot: until it ends, VACUUM cannot remove what is deleted meanwhile.',
    formatBytes(bytes),
    title,
  );
  const limit = rate === undefined ? '' : ` ${l10n.t('At most {0} per second are read.', formatBytes(rate))}`;
  return [{ code: 'compare.load', text: text + limit }];
}

function letIn(looked: LookedAt): SqlStep[] {
  return looked.closed ? [allowStep(looked, true)] : [];
}

function letNobodyIn(looked: LookedAt): SqlStep[] {
  return looked.closed ? [{ ...allowStep(looked, false), tolerant: true }] : [];
}

function allowStep({ side, entrance }: LookedAt, allow: boolean): SqlStep {
  if (side.kind !== 'database') throw new Error('a dump lets everybody in');
  const { database, connection } = side;
  return {
    do: 'sql',
    title: allow ? l10n.t('Let sessions into {0}', database) : l10n.t('Let nobody into {0} again', database),
    weight: 0,
    connection,
    database: entrance,
    statements: [`ALTER DATABASE ${quoteIdent(database)} WITH ALLOW_CONNECTIONS ${allow}`],
  };
}
