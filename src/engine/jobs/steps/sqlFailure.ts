import * as l10n from '@vscode/l10n';
import { CancelledError, RestorePointError } from '../../errors';

/** What `pg` tells of a server's refusal. https://www.postgresql.org/docs/current/protocol-error-fields.html */
interface ServerError extends Error {
  code?: string;
  detail?: string;
  hint?: string;
  where?: string;
}

/** What to do, by SQLSTATE; the first that fits. */
const nexts: [RegExp, () => string][] = [
  [/^42501$/, () => l10n.t('Give the role the missing right, or connect as another one.')],
  [/^3D000$/, () => l10n.t('Check the name of the database.')],
  [/^42P04$/, () => l10n.t('Choose another name for the database, or drop the existing one.')],
  [/^55006$/, () => l10n.t('End the sessions that use it, then try again.')],
  [/^53100$/, () => l10n.t('Make room on the disk of the server, then try again.')],
  [/^(08|57P0)/, () => l10n.t('Check that the server runs, then try again.')],
  [/^2[23]/, () => l10n.t('Correct the data or the choice of columns, then try again; nothing was kept.')],
];

/** A statement's failure in three parts, with the server's code, detail and hint. */
export function explainSqlError(error: unknown, title: string, statement?: string): Error {
  if (error instanceof RestorePointError || error instanceof CancelledError) return error;
  const { message, code, detail, hint, where } = error as ServerError;
  const sqlState = code && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
  const lost = !sqlState || /^(08|57P0)/.test(sqlState);
  const shown = statement && statement.length > 400 ? `${statement.slice(0, 400)}…` : statement;
  const why = [
    sqlState ? `${message} (${sqlState})` : message,
    detail,
    hint,
    where,
    shown && l10n.t('Statement: {0}', shown),
  ];
  const next = sqlState && nexts.find(([states]) => states.test(sqlState))?.[1]();
  return new RestorePointError(
    {
      code: lost ? 'connection.lost' : sqlState === '53100' ? 'disk.full' : 'sql.failed',
      what: l10n.t('"{0}" failed.', title),
      why: why.filter(Boolean).join('\n'),
      next:
        next ??
        (lost
          ? l10n.t('Check that the server runs, then try again.')
          : l10n.t('Read the log, mend the cause, then try again.')),
      remedies: [{ do: 'showLog' }, { do: 'retry' }],
      sqlState,
    },
    { cause: error },
  );
}
