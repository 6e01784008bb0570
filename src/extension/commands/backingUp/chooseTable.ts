import * as vscode from 'vscode';
import type { Connection } from '../../../engine/connections/types';
import type { TableName } from '../../../engine/backup';
import type { Option } from '../../ask';
import { engine } from '../../engine';
import { bytes } from '../../format';
import type { Services } from '../../services';
import type { Target } from '../../target';

/** The table a call names, else asked for. */
export async function chooseTable(
  { ask, sessions }: Services,
  connection: Connection,
  database: string,
  { schema, relation }: Target,
  title: string,
): Promise<TableName> {
  if (schema !== undefined && relation !== undefined) return { schema, name: relation };
  return await ask.pick({
    id: 'table',
    title,
    placeholder: vscode.l10n.t('Table'),
    options: tableOptions(sessions, connection, database),
  });
}

/** Every table of a database with its size, to choose from. */
export async function tableOptions(
  sessions: Services['sessions'],
  connection: Connection,
  database: string,
): Promise<Option<TableName>[]> {
  const { relationSizes, withClient } = await engine();
  const all = await sessions.use(connection, (access) => withClient(access, database, relationSizes), {
    interactive: true,
  });
  return all.map(({ schema, name, bytes: size }) => ({
    label: `${schema}.${name}`,
    description: bytes(size),
    value: { schema, name },
  }));
}
