import { dirname } from 'node:path';
import * as l10n from '@vscode/l10n';
import { checkFolder, draftPath, partialPath } from '../artifacts';
import { RestorePointError } from '../errors';
import type { Plan, Relation } from '../plan';
import { chooseForDump } from '../tools';
import { assemble, defaultVerify, given } from './assemble';
import { chooseDatabases } from './databases';
import { dumpallTitle, planDumpallStep } from './dumpallStep';
import { estimate, pastManifests } from './estimate';
import { exactPattern } from './patterns';
import { checkRights, dataWarnings } from './rights';
import { list, relationsOf, select } from './selection';
import { lockOf, readSource } from './source';
import type { BackupMethod, DumpallRequest, PlanContext } from './types';

async function plan(request: DumpallRequest, context: PlanContext): Promise<Plan> {
  const { scope } = request;
  const options = request.options ?? {};
  const { connection } = context.access;
  const role = options.role === undefined ? undefined : String(options.role);
  const source = await readSource(context, connection.settings.database, role);
  const { build, reasons } = chooseForDump(context.builds, source.version, { tool: 'pg_dumpall' });
  const path =
    request.path ??
    draftPath(context.folder, {
      connection: connection.name,
      database: '*',
      format: 'plain',
      at: context.now,
      ...(scope === 'all' ? {} : { scope }),
    });
  const folder = await checkFolder(dirname(path));
  const warnings = [...folder.warnings];
  const relations: Relation[] = [];
  if (scope === 'all' || scope === 'schema' || scope === 'data') {
    const dumped = { ...options, 'schema-only': scope === 'schema' };
    for (const database of await chooseDatabases(context, { exclude: list(options['exclude-database']) })) {
      refuseLineBreak(database);
      const one = database === source.database ? source : await readSource(context, database, role);
      const selection = select(one, dumped);
      warnings.push(
        ...checkRights(one, selection, dumped, request.ignoreMissingRights ?? false),
        ...dataWarnings(one, selection),
      );
      relations.push(...relationsOf(selection));
    }
  }
  const all = planDumpallStep({ ...request, source, build, relations, target: partialPath(path) });
  return assemble({
    kind: 'backup',
    title: `${dumpallTitle(scope)}: ${connection.name}`,
    context,
    steps: [all.step],
    locks: [lockOf(source, '*')],
    artifact: {
      method: 'dumpall',
      format: 'plain',
      compression: 'none',
      path,
      members: [{ path, holds: scope }],
      options: { scope, ...options, ...given({ extra: request.extra }) },
      notes: request.notes ?? '',
      connectionName: connection.name,
      database: '*',
    },
    verify: request.verify ?? defaultVerify,
    warnings: [...warnings, ...all.warnings],
    estimate: estimate(
      {
        method: 'dumpall',
        format: 'plain',
        compression: 'none',
        compressionLabel: 'none',
        database: '*',
        relations,
        freeBytes: folder.freeBytes,
      },
      await pastManifests(path),
    ),
    facts: { scope, client: build.version.text, reason: reasons.join(' ') },
  });
}

/** pg_dumpall starts pg_dump through a shell and gives up on such a name, after everything before it. */
function refuseLineBreak(database: string): void {
  if (!/[\r\n]/.test(database)) return;
  throw new RestorePointError({
    code: 'backup.databaseName',
    what: l10n.t('pg_dumpall cannot dump the database {0}.', exactPattern(database)),
    why: l10n.t('Its name holds a line break.'),
    next: l10n.t('Exclude it by a pattern, or back up every database as a set: that can take any name.'),
  });
}

export const dumpall: BackupMethod<DumpallRequest> = {
  method: 'dumpall',
  label: () => l10n.t('Whole server, one script'),
  summary: () => l10n.t('All databases, or only roles, tablespaces, definitions or rows, as one SQL script.'),
  formats: ['plain'],
  tool: 'pg_dumpall',
  plan,
};
