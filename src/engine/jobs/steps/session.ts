import type { Client } from 'pg';
import { cancelQuery, connectClient, endClient } from '../../connections';
import { CancelledError } from '../../errors';
import { endSessions } from '../../tools';
import { until } from '../wait';
import type { StepContext } from './types';

/** How long a statement may take to obey a cancel request. */
const patienceMs = 5000;

/** Awaits a query; the failure of one whose session was ended because of a cancel is the cancel. */
export type Guard = <T>(query: Promise<T>) => Promise<T>;

/**
 * Runs `work` with a client of our own, named as the job's. When the job is cancelled the session is
 * ended on the server, so that its statement does not run on. Notices of the server go to the log.
 */
export async function withSession<T>(
  place: { connection: string; database: string },
  context: StepContext,
  work: (client: Client, guard: Guard) => Promise<T>,
): Promise<T> {
  const { signal, applicationName } = context;
  const access = await context.access(place.connection);
  const client = await connectClient(access, place.database, { signal, applicationName });
  client.on('error', () => undefined);
  client.on('notice', (notice) => context.log('info', notice.message ?? '', 'server'));
  let ending: Promise<void> | undefined;
  let idle: (() => void) | undefined;
  const finished = new Promise<void>((resolve) => (idle = resolve));
  const onAbort = (): void => void (ending = endStatement());
  /**
   * A cancel request first: a statement that is done already stays done and says so, so that we know
   * what we made. What does not obey is terminated.
   */
  const endStatement = async (): Promise<void> => {
    await cancelQuery(access, client);
    await Promise.race([finished, until(patienceMs)]);
    await endSessions(access, [applicationName]).catch(() => 0);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const guard: Guard = async (query) => {
    try {
      return await query;
    } catch (error) {
      throw signal.aborted ? new CancelledError() : error;
    }
  };
  try {
    if (signal.aborted) throw new CancelledError();
    return await work(client, guard);
  } finally {
    idle?.();
    signal.removeEventListener('abort', onAbort);
    await endClient(client);
    await ending;
  }
}
