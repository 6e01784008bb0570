import { dirname } from 'node:path';
import * as l10n from '@vscode/l10n';
import { checkFolder, draftPath, partialPath } from '../artifacts';
import { chooseForDump } from '../tools';
import type { Plan } from '../plan';
import { assemble, defaultVerify, given } from './assemble';
import { compressionLabel, defaultCompression } from './compression';
import { planDumpallStep } from './dumpallStep';
import { planDumpStep, wantedCompression } from './dumpStep';
import { estimate, pastManifests } from './estimate';
import { relationsOf } from './selection';
import { lockOf, readSource } from './source';
import type { BackupMethod, DumpRequest, PlanContext } from './types';

/** What goes beside a database's dump when its roles and tablespaces are kept too. */
export function globalsPath(path: string): string {
  return `${path.replace(/\.(dump|tar|dir|sql(\.(gz|lz4|zst))?)$/, '')}.globals.sql`;
}

async function plan(request: DumpRequest, context: PlanContext): Promise<Plan> {
  const options = request.options ?? {};
  const format = request.format ?? 'custom';
  const role = options.role === undefined ? undefined : String(options.role);
  const source = await readSource(context, request.database, role);
  const wanted = wantedCompression(options);
  const { build, reasons } = chooseForDump(context.builds, source.version, {
    tool: 'pg_dump',
    ...(wanted && wanted.method !== 'none' ? { compression: wanted.method } : {}),
  });
  const compression = wanted ?? defaultCompression(format, build);
  const { connection } = context.access;
  const path =
    request.path ??
    draftPath(context.folder, {
      connection: connection.name,
      database: request.database,
      format,
      at: context.now,
      compression: compressionLabel(compression),
      ...scopeOf(request),
    });
  const folder = await checkFolder(dirname(path));
  const dump = planDumpStep({
    ...request,
    source,
    build,
    format,
    options,
    extra: request.extra ?? [],
    target: partialPath(path),
  });
  const relations = relationsOf(dump.selection);
  const label = compressionLabel(compression);
  const members: { path: string; holds?: string }[] = [{ path, holds: request.database }];
  const steps = [dump.step];
  const warnings = [...folder.warnings, ...dump.warnings];
  if (request.withGlobals) {
    const globals = planDumpallStep({
      source,
      build: chooseForDump(context.builds, source.version, { tool: 'pg_dumpall' }).build,
      scope: 'globals',
      options: role === undefined ? {} : { role },
      target: partialPath(globalsPath(path)),
    });
    members.push({ path: globalsPath(path), holds: 'globals' });
    steps.push(globals.step);
    warnings.push(...globals.warnings);
  }
  const expected = {
    method: 'dump',
    format,
    compression: compression.method,
    compressionLabel: label,
    database: request.database,
    relations,
    freeBytes: folder.freeBytes,
  } as const;
  const { schemas, tables, extra, withGlobals } = request;
  return assemble({
    kind: 'backup',
    title: l10n.t('Back up {0}', request.database),
    context,
    steps,
    locks: [lockOf(source)],
    artifact: {
      method: 'dump',
      format,
      compression: label,
      path,
      members,
      options: { ...options, ...given({ schemas, tables, extra, withGlobals }) },
      notes: request.notes ?? '',
      connectionName: connection.name,
      database: request.database,
    },
    verify: request.verify ?? defaultVerify,
    warnings,
    estimate: estimate(expected, await pastManifests(path)),
    facts: { client: build.version.text, reason: reasons.join(' ') },
  });
}

/** A part of a database shows in the file's name. */
function scopeOf({ schemas = [], tables = [] }: DumpRequest): { scope?: string } {
  const parts = [...schemas, ...tables.map(({ schema, name }) => `${schema}.${name}`)];
  if (!parts.length) return {};
  return { scope: parts.length === 1 ? parts[0]! : l10n.t('{0} parts', parts.length) };
}

export const dump: BackupMethod<DumpRequest> = {
  method: 'dump',
  label: () => l10n.t('Database'),
  summary: () => l10n.t('One database, or a part of it, as an archive or a script.'),
  formats: ['custom', 'directory', 'tar', 'plain'],
  tool: 'pg_dump',
  plan,
};
