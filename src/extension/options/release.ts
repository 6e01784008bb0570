import type { Connection } from '../../engine/connections/types';
import type { ClientBuild, ToolName, Version } from '../../engine/tools/types';
import { engine } from '../engine';
import type { Services } from '../services';
import { clientBuilds } from '../tools';

/** The server's version and the client builds there are: what decides which options are offered. */
export async function serverAndBuilds(
  { knownServers, sessions }: Services,
  connection: Connection,
): Promise<{ server: Version; builds: ClientBuild[] }> {
  const { serverFacts, withClient } = await engine();
  const builds = await clientBuilds();
  const facts = await sessions.use(
    connection,
    (access) =>
      withClient(access, access.loginDatabase ?? access.connection.settings.database, (client) =>
        serverFacts(client),
      ),
    { interactive: true },
  );
  knownServers.note(connection, facts.version.text);
  return { server: facts.version, builds };
}

/** The release of the program a backup of this server will be made with. */
export async function dumpRelease(
  services: Services,
  connection: Connection,
  tool: Extract<ToolName, 'pg_dump' | 'pg_dumpall'>,
): Promise<Version> {
  const { chooseForDump } = await (await engine()).tools();
  const { server, builds } = await serverAndBuilds(services, connection);
  return chooseForDump(builds, server, { tool }).build.version;
}
