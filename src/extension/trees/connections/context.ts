import type { Client } from 'pg';
import type { Connection } from '../../../engine/connections/types';
import type { Archives } from '../../archives';
import type { Backups } from '../../backups';
import type { Connections } from '../../connections';
import type { KnownServers } from '../../knownServers';
import type { Sessions } from '../../sessions';
import { engine } from '../../engine';
import type { TreeNode } from '../node';

/** What the rows of the connections' tree share. */
export interface ConnectionRows {
  archives: Archives;
  backups: Backups;
  connections: Connections;
  knownServers: KnownServers;
  sessions: Sessions;
  /** Draws a row and what is below it anew. */
  redraw(node: TreeNode): void;
}

/** Reads from a database without asking anybody anything. */
export async function read<T>(
  { sessions }: ConnectionRows,
  connection: Connection,
  database: string | undefined,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const { withClient } = await engine();
  return await sessions.use(
    connection,
    (access) =>
      withClient(access, database ?? access.loginDatabase ?? access.connection.settings.database, work),
    { interactive: false },
  );
}
