import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import * as l10n from '@vscode/l10n';
import { readContents } from '../archive';
import { recognise } from '../artifacts';
import { RestorePointError } from '../errors';
import type { Step, Warning } from '../plan';
import { standing } from './cluster';
import { intoExisting } from './intoExisting';
import { intoNew } from './intoNew';
import { chosenEntries } from './chosen';
import { checkMetaCommands, psqlStep } from './script';
import type { FillRequest, PlanParts, Restoring } from './types';

interface Member {
  path: string;
  /** A database's name; null for the globals. */
  database: string | null;
  bytes: number;
}

/** The members of a set, by its manifest. A manifest is input: paths that lead out of the set are refused. */
function membersOf(restoring: Restoring): Member[] {
  const root = resolve(restoring.source.path);
  const members = new Map<string, Member>();
  for (const file of restoring.source.manifest?.files ?? []) {
    if (file.holds === undefined) continue;
    const inside = relative(root, resolve(dirname(root), file.path));
    if (!inside || inside.startsWith('..') || isAbsolute(inside))
      throw new RestorePointError({
        code: 'artifact.manifest',
        what: l10n.t("The set's manifest names a file outside of the set."),
        why: file.path,
        next: l10n.t('Do not restore from this set unless you know who made it.'),
      });
    // A directory dump is one member of many files.
    const top = inside.split(sep)[0]!;
    const member = members.get(top) ?? {
      path: join(root, top),
      database: top === 'globals.sql' && file.holds === 'globals' ? null : file.holds,
      bytes: 0,
    };
    members.set(top, { ...member, bytes: member.bytes + file.bytes });
  }
  return [...members.values()];
}

async function look({ path, bytes }: Member, signal?: AbortSignal): Promise<FillRequest['source']> {
  const recognised = await recognise(path);
  const contents = await readContents(path, { signal });
  return { path, recognised, contents, manifest: null, evidence: null, globals: null, bytes };
}

/** Globals first, then each database by the strategy. `database` picks one of them, without the globals. */
export async function planSet(restoring: Restoring): Promise<PlanParts> {
  const { request, target, context } = restoring;
  const only = request.database && request.database !== '*' ? request.database : null;
  const members = membersOf(restoring);
  const databases = members.filter((m) => m.database !== null && (only === null || m.database === only));
  if (!databases.length)
    throw new RestorePointError({
      code: 'restore.notInSet',
      what:
        only === null
          ? l10n.t('The set holds no database.')
          : l10n.t('The set does not hold the database {0}.', only),
      why: l10n.t('It holds: {0}.', members.map((m) => m.database ?? 'globals').join(', ')),
      next: l10n.t('Choose one of them, or leave the database out to restore them all.'),
    });
  const steps: Step[] = [];
  const onFailure: Step[] = [];
  const destroys: string[] = [];
  const warnings: Warning[] = [];
  let entries = 0;
  const given = new Set<string>();
  const globals = only === null ? members.find((m) => m.database === null) : undefined;
  if (globals) {
    const source = await look(globals, context.signal);
    warnings.push(...checkMetaCommands(source.contents, request.allowMetaCommands ?? false));
    const planned = await psqlStep({ ...restoring, source }, source, {
      title: l10n.t('Restore roles and tablespaces'),
      database: target.maintenance,
      stopOnError: false,
      singleTransaction: false,
    });
    steps.push(planned.step);
    warnings.push(...planned.warnings);
    entries += source.contents.entries.length;
    for (const entry of source.contents.entries) if (entry.kind === 'ROLE') given.add(entry.name);
  }
  // What the globals bring is not missing.
  const withGlobals: Restoring = {
    ...restoring,
    target: { ...target, roles: new Set([...target.roles, ...given]) },
  };
  for (const member of databases) {
    context.signal?.throwIfAborted();
    const source = await look(member, context.signal);
    const name = member.database!;
    const exists = target.databases.has(name);
    if (exists && request.strategy === 'new' && standing.has(name)) {
      // Every server has it, mostly empty; what little the set has of it goes in beside.
      if (!chosenEntries(source.contents).some((entry) => entry.kind === 'TABLE')) continue;
      warnings.push({
        code: 'set.standing',
        text: l10n.t(
          'The database {0} exists on every server and is left as it is; restore it in place if its tables matter.',
          name,
        ),
      });
      continue;
    }
    const parts =
      request.strategy === 'new' || !exists
        ? await intoNew(withGlobals, { source, database: name, firstStep: steps.length, own: true })
        : await intoExisting(withGlobals, source, name);
    steps.push(...parts.steps);
    onFailure.push(...parts.onFailure);
    destroys.push(...parts.destroys);
    warnings.push(...parts.warnings.map((w) => ({ ...w, text: `${name}: ${w.text}` })));
    entries += parts.entries ?? 0;
  }
  return {
    database: only ?? '*',
    steps,
    onFailure,
    destroys,
    wayBack:
      request.strategy === 'in-place'
        ? l10n.t('Undo, for each database that was there and of which a copy is kept first; roles stay.')
        : l10n.t('Drop the databases it made; roles stay.'),
    warnings,
    entries,
    facts: { databases: databases.map((m) => m.database).join(', ') },
  };
}
