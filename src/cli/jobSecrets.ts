import * as l10n from '@vscode/l10n';
import { openAccess } from '../engine/connections';
import type { Secrets } from '../engine/connections/types';
import { RestorePointError } from '../engine/errors';
import type { Plan } from '../engine/plan';
import type { Io } from './io';
import { askSecret, canAsk } from './prompt';

/** Passwords of a plan's connections, as libpq would find them, else asked for; the plan itself has none. */
export async function secretsFor(io: Io, plan: Plan): Promise<Secrets> {
  const secrets: Secrets = {};
  for (const connection of Object.values(plan.connections)) {
    const open = async (password?: string): Promise<void> => {
      const access = await openAccess(connection, { env: io.env, signal: io.signal, password });
      if (access.password !== undefined) secrets[connection.id] = access.password;
      await access.close();
    };
    try {
      await open();
    } catch (error) {
      if (!(error instanceof RestorePointError) || error.code !== 'connection.passwordNeeded') throw error;
      if (!canAsk(io)) throw error;
      await open(await askSecret(io, l10n.t('Password of {0}: ', connection.name)));
    }
  }
  return secrets;
}
