import * as l10n from '@vscode/l10n';
import { quoteIdent } from '../../connections';
import { RestorePointError } from '../../errors';
import type { DropPointStep } from '../../plan';
import { databaseProperties, parseMarker } from '../../points';
import { whileEmptying } from './emptying';
import { withSession } from './session';
import { explainSqlError } from './sqlFailure';
import type { Executor } from './types';

/** Whose comment does not say that it is ours, stays. */
export const dropPoint: Executor<DropPointStep> = async (step, context) => {
  await withSession(step, context, async (client, guard) => {
    const found = await databaseProperties(client, step.name);
    if (!found) return;
    if (!parseMarker(found.comment) && !(step.unmarked && found.comment === null))
      throw new RestorePointError({
        code: 'point.notOurs',
        what: l10n.t('{0} is not dropped.', step.name),
        why: l10n.t('Its comment does not say that Restore Point made it.'),
        next: l10n.t('Drop it by hand if nobody needs it.'),
      });
    const statement = `DROP DATABASE ${quoteIdent(step.name)}`;
    const drop = async (): Promise<void> => {
      context.log('info', statement, 'sql');
      await guard(client.query(statement));
      context.touched();
    };
    try {
      await (step.endSessions ? whileEmptying(step, [step.name], context, drop) : drop());
    } catch (error) {
      throw explainSqlError(error, step.title, statement);
    }
  });
};
