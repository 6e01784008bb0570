import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { RecoveryMap } from '../../engine/physical';
import type { RecoverDraft, RecoveryTarget } from '../../shared/recoverPage';
import { engine } from '../engine';
import { backupFolder } from '../folders';
import type { Services } from '../services';
import { keyOf } from './recoverLines';

/** What the page was opened for. */
export interface RecoverSubject {
  /** Path of a base backup. */
  artifact?: string;
  /** A WAL archive besides those that are remembered. */
  wal?: string;
  /** A server; its system identifier where it could be asked. */
  server?: { systemIdentifier: string | null; name: string };
  draft?: Partial<RecoverDraft>;
}

/** What the page begins with: the end of what can be reached, into a folder that is free. */
export async function firstDraft(
  services: Services,
  subject: RecoverSubject,
  maps: readonly RecoveryMap[],
): Promise<RecoverDraft> {
  const { artifact, server, draft } = subject;
  const map =
    maps.find(({ marks }) => marks.some(({ set }) => set.where === artifact)) ??
    maps.find((one) => isOf(server, one)) ??
    maps.find((one) => server && sourceOf(services, one) === server.name) ??
    maps[0];
  const { freePort } = await engine();
  const all = await services.connections.list();
  const taken = all.flatMap(({ recovered, settings }) =>
    recovered ? (settings.hosts ?? []).map(({ port }) => port) : [],
  );
  const own = map?.windows.filter(({ set }) => artifact === undefined || set.where === artifact) ?? [];
  const last = own
    .map(({ to }) => to.time)
    .sort()
    .at(-1);
  const target: RecoveryTarget =
    last === undefined ? { kind: 'latest' } : { kind: 'time', time: new Date(last).toISOString() };
  return {
    ...{ cluster: map ? keyOf(map) : '', target, exclusive: false, called: null },
    ...{ timeline: null, from: null },
    directory: await freeFolder(nameOf(services, subject, map)),
    port: await freePort(new Set(taken)),
    ...{ user: 'postgres', tablespaces: {} },
    ...draft,
  };
}

/** Beside the backups, not among them: a data directory is none. */
async function freeFolder(name: string): Promise<string> {
  const parent = join(dirname(await backupFolder()), 'restore-point-recovered');
  const base = name.replace(/[^\p{L}\p{N}_-]+/gu, '-').replace(/^-+|-+$/g, '') || 'cluster';
  for (let number = 1; ; number++) {
    const path = join(parent, number === 1 ? base : `${base}-${number}`);
    if (!(await stat(path).catch(() => null))) return path;
  }
}

export function nameOf(services: Services, { server }: RecoverSubject, map: RecoveryMap | undefined): string {
  if (!map || isOf(server, map)) return server?.name ?? vscode.l10n.t('cluster');
  return sourceOf(services, map) ?? vscode.l10n.t('cluster');
}

export function isOf(
  server: RecoverSubject['server'],
  { systemIdentifier }: RecoveryMap,
): server is NonNullable<RecoverSubject['server']> {
  return (
    server !== undefined && server.systemIdentifier !== null && server.systemIdentifier === systemIdentifier
  );
}

/** The connection that a backup of the cluster was taken over. */
export function sourceOf({ backups }: Services, { marks }: RecoveryMap): string | null {
  const own = new Set(marks.map(({ set }) => set.where));
  return (
    backups.known.find(({ path, source }) => own.has(path) && source.connection !== null)?.source
      .connection ?? null
  );
}
