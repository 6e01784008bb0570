import { dirname, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { checkFolder, draftPath, memberPartialPath, safeName } from '../artifacts';
import { RestorePointError } from '../errors';
import type { Plan, Relation, Step, Warning } from '../plan';
import { chooseForDump } from '../tools';
import { assemble, defaultVerify, given } from './assemble';
import { compressionLabel, defaultCompression } from './compression';
import { chooseDatabases } from './databases';
import { planDumpallStep } from './dumpallStep';
import { planDumpStep, wantedCompression } from './dumpStep';
import { estimate, pastManifests } from './estimate';
import { relationsOf } from './selection';
import { lockOf, readSource } from './source';
import type { BackupMethod, PlanContext, SetRequest } from './types';

async function plan(request: SetRequest, context: PlanContext): Promise<Plan> {
  const options = request.options ?? {};
  const format = request.format ?? 'custom';
  const { connection } = context.access;
  const role = options.role === undefined ? undefined : String(options.role);
  const names = await chooseDatabases(context, request.databases);
  if (!names.length)
    throw new RestorePointError({
      code: 'backup.noDatabases',
      what: l10n.t('No database of {0} fits.', connection.name),
      why: l10n.t('The patterns leave none of those that allow connections.'),
      next: l10n.t('Change the patterns.'),
    });
  const first = await readSource(context, connection.settings.database, role);
  const wanted = wantedCompression(options);
  const { build, reasons } = chooseForDump(context.builds, first.version, {
    tool: 'pg_dump',
    ...(wanted && wanted.method !== 'none' ? { compression: wanted.method } : {}),
  });
  const compression = wanted ?? defaultCompression(format, build);
  const path =
    request.path ??
    draftPath(context.folder, { connection: connection.name, database: '*', format: 'set', at: context.now });
  const folder = await checkFolder(dirname(path));
  const globals = planDumpallStep({
    source: first,
    build: chooseForDump(context.builds, first.version, { tool: 'pg_dumpall' }).build,
    scope: 'globals',
    options: role === undefined ? {} : { role },
    target: memberPartialPath({ path }, join(path, 'globals.sql')),
  });
  const steps: Step[] = [];
  const members: { path: string; holds: string }[] = [];
  const warnings: Warning[] = [...folder.warnings, ...globals.warnings];
  const relations: Relation[] = [];
  for (const database of names) {
    const source = database === first.database ? first : await readSource(context, database, role);
    const file = join(path, safeName(database) + (format === 'custom' ? '.dump' : '.dir'));
    const one = planDumpStep({
      ...request,
      source,
      build,
      format,
      options,
      extra: request.extra ?? [],
      target: memberPartialPath({ path }, file),
    });
    steps.push(one.step);
    members.push({ path: file, holds: database });
    warnings.push(...one.warnings);
    relations.push(...relationsOf(one.selection));
  }
  steps.push(globals.step);
  members.push({ path: join(path, 'globals.sql'), holds: 'globals' });
  const label = compressionLabel(compression);
  return assemble({
    kind: 'backup',
    title: l10n.t('Back up {0} databases of {1}', names.length, connection.name),
    context,
    steps,
    locks: [lockOf(first, '*')],
    artifact: {
      method: 'set',
      format: 'set',
      compression: label,
      path,
      members,
      options: { ...options, format, ...given({ databases: request.databases, extra: request.extra }) },
      notes: request.notes ?? '',
      connectionName: connection.name,
      database: '*',
    },
    verify: request.verify ?? defaultVerify,
    warnings,
    estimate: estimate(
      {
        method: 'set',
        format: 'set',
        compression: compression.method,
        compressionLabel: label,
        database: '*',
        relations,
        freeBytes: folder.freeBytes,
      },
      await pastManifests(path),
    ),
    facts: { databases: names.length, client: build.version.text, reason: reasons.join(' ') },
  });
}

export const set: BackupMethod<SetRequest> = {
  method: 'set',
  label: () => l10n.t('Every database, as a set'),
  summary: () => l10n.t('Each database as an archive of its own plus roles and tablespaces, in one folder.'),
  formats: ['set'],
  tool: 'pg_dump',
  plan,
};
