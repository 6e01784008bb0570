import * as vscode from 'vscode';
import type { DumpallRequest, SetRequest } from '../../engine/backup';
import type { Connection } from '../../engine/connections/types';
import type { Answers } from '../../engine/tools';
import type { Services } from '../services';
import { askList } from './list';
import { dumpRelease } from './release';
import { askSheet, type Row } from './sheet';
import { toolRows } from './toolRows';

/** Said by the scope. */
const scopeFlags = ['globals-only', 'roles-only', 'tablespaces-only', 'schema-only', 'data-only'];

export interface ServerSheetAnswer<R> {
  request: R;
  showPlan: boolean;
}

/** Every option of a backup of a whole server in one list. */
export async function askServerOptions<R extends DumpallRequest | SetRequest>(
  services: Services,
  connection: Connection,
  title: string,
  request: R,
): Promise<ServerSheetAnswer<R>> {
  const { ask } = services;
  const tool = request.method === 'set' ? 'pg_dump' : 'pg_dumpall';
  const release = await dumpRelease(services, connection, tool);
  const options: Answers = { ...request.options };
  const skip = request.method === 'set' ? [] : scopeFlags;
  const ofTool = await toolRows(ask, { title, tool, release, answers: options, skip });
  const databases: NonNullable<SetRequest['databases']> = {};
  const ofSet = request.method === 'set' ? (): Row[] => setRows(services, title, databases) : (): Row[] => [];
  const chosen = await askSheet(ask, {
    id: 'backup.server.options',
    title,
    placeholder: vscode.l10n.t('{0} {1}: type to find an option', tool, release.text.split(' ')[0] ?? ''),
    actions: () => [
      { id: 'run', label: `$(play) ${vscode.l10n.t('Back Up')}` },
      { id: 'plan', label: `$(eye) ${vscode.l10n.t('Show Plan')}` },
    ],
    rows: () => [...ofSet(), ...ofTool()],
  });
  return {
    request: { ...request, options, ...(request.method === 'set' ? { databases } : {}) },
    showPlan: chosen === 'plan',
  };
}

/** Which databases are taken; new ones are noticed by themselves. */
function setRows({ ask }: Services, title: string, databases: NonNullable<SetRequest['databases']>): Row[] {
  const row = (key: 'include' | 'exclude', label: string, detail: string): Row => ({
    id: `databases.${key}`,
    heading: vscode.l10n.t('Databases'),
    label,
    value: databases[key]?.join(', ') ?? '',
    detail,
    change: async () => {
      const question = {
        id: `databases.${key}`,
        title: `${title}: ${label}`,
        prompt: vscode.l10n.t('A name, or a pattern with * and ? as psql reads it'),
      };
      const list = await askList(ask, question, databases[key] ?? []);
      if (list.length) databases[key] = list;
      else delete databases[key];
    },
  });
  return [
    row(
      'include',
      vscode.l10n.t('Only these'),
      vscode.l10n.t('Empty: every database that allows connections'),
    ),
    row('exclude', vscode.l10n.t('But not these'), vscode.l10n.t('Patterns of databases to leave out')),
  ];
}
