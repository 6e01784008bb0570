import { RestorePointError } from '../../errors';
import { explainSqlError } from './sqlFailure';

/** SQLSTATE object_in_use: a database is renamed, copied or dropped only while nobody is connected. */
const inUse = '55006';

/** A failure of a statement about a whole database; where it is in use, with the way to end its sessions. */
export function explainBusy(error: unknown, title: string, words: { what: string; next: string }): Error {
  const explained = explainSqlError(error, title);
  if (!(explained instanceof RestorePointError) || explained.sqlState !== inUse) return explained;
  return new RestorePointError(
    {
      code: 'target.busy',
      ...words,
      why: explained.why,
      sqlState: inUse,
      remedies: [{ do: 'runAnyway', with: { option: 'endSessions' } }, { do: 'retry' }],
    },
    { cause: error },
  );
}
