import type { Connection } from '../../../engine/connections/types';
import type { RecoverDraft } from '../../../shared/recoverPage';
import { engine } from '../../engine';
import type { RecoverSubject } from '../../panels/recoverSubject';
import type { Services } from '../../services';
import type { Call, Command } from '../command';

/** What can be recovered on a page, with the plan as it stands. */
export const recover: Command = {
  id: 'restorePoint.recover',
  async run(services, { target }: Call<{ draft: Partial<RecoverDraft> }>) {
    const { artifact, connection, draft } = target;
    const named = connection === undefined ? undefined : await services.connections.get(connection);
    const wal = named && services.archives.folderOf(named.id);
    const subject = {
      ...(artifact === undefined ? {} : { artifact }),
      ...(wal ? { wal } : {}),
      ...(named ? await serverOf(services, named) : {}),
      ...(draft ? { draft } : {}),
    };
    const { openRecover, recoverHandlers } = await import('../../late');
    return await openRecover(services, (onScanned) => recoverHandlers(services, subject, onScanned));
  },
};

/** Which cluster a connection leads to; a server that is down is what one recovers from, so its name is enough then. */
async function serverOf(services: Services, connection: Connection): Promise<Pick<RecoverSubject, 'server'>> {
  const { serverFacts, withClient } = await engine();
  const systemIdentifier = await services.sessions
    .use(
      connection,
      async (access) =>
        await withClient(
          access,
          access.loginDatabase ?? access.connection.settings.database,
          async (client) => (await serverFacts(client)).systemIdentifier,
        ),
      { interactive: false },
    )
    .catch(() => null);
  return { server: { systemIdentifier, name: connection.name } };
}
