import * as l10n from '@vscode/l10n';
import type { Relation, ToolStep, Warning } from '../plan';
import { toArguments } from '../tools';
import type { ClientBuild } from '../tools/types';
import { checkExtra } from './extra';
import type { Source } from './source';
import type { Answers, DumpallScope } from './types';

/** One pg_dumpall into one script. */
export interface DumpallInput {
  /** The database it connects to first; what it says of the reader counts. */
  source: Source;
  build: ClientBuild;
  scope: DumpallScope;
  options?: Answers;
  extra?: string[];
  /** Absolute path it is written to: the final one's `.partial`. */
  target: string;
  /** Of all databases, for progress. */
  relations?: Relation[];
}

const scopeOptions: Record<DumpallScope, Answers> = {
  all: {},
  globals: { 'globals-only': true },
  roles: { 'roles-only': true },
  tablespaces: { 'tablespaces-only': true },
  schema: { 'schema-only': true },
  data: { 'data-only': true },
};

/** Roles and tablespaces are few. */
const globalsWeight = 500_000;

export function dumpallTitle(scope: DumpallScope): string {
  return {
    all: l10n.t('Dump the whole server'),
    globals: l10n.t('Dump roles and tablespaces'),
    roles: l10n.t('Dump roles'),
    tablespaces: l10n.t('Dump tablespaces'),
    schema: l10n.t('Dump all definitions'),
    data: l10n.t('Dump all rows'),
  }[scope];
}

/** Pure. pg_dumpall writes scripts only, so they always come through standard output and are hashed on the way. */
export function planDumpallStep(input: DumpallInput): { step: ToolStep; warnings: Warning[] } {
  const { source, build, scope } = input;
  const options: Answers = { ...input.options, ...scopeOptions[scope] };
  const warnings: Warning[] = [];
  const dumpsRoles = scope === 'all' || scope === 'globals' || scope === 'roles' || scope === 'schema';
  if (dumpsRoles && !source.readsPasswords && !options['no-role-passwords']) {
    options['no-role-passwords'] = true;
    warnings.push({
      code: 'backup.rolePasswords',
      text: l10n.t(
        "Roles are kept without their passwords: only a superuser may read them, and {0} is none. After a restore each role's password must be set anew.",
        source.reader,
      ),
    });
  }
  const relations = input.relations ?? [];
  const step: ToolStep = {
    do: 'tool',
    title: dumpallTitle(scope),
    weight: relations.reduce((sum, relation) => sum + relation.bytes, globalsWeight),
    tool: 'pg_dumpall',
    build,
    args: [
      '--verbose',
      ...toArguments('pg_dumpall', build.version, options),
      ...checkExtra('pg_dumpall', build.version, input.extra ?? []),
    ],
    connection: 'source',
    database: source.database,
    stdout: input.target,
    dialect: 'pg_dumpall',
    relations,
  };
  return { step, warnings };
}
