import type { SqlStep } from '../../plan';
import { throwIfCancelled } from '../wait';
import { withSession } from './session';
import { explainSqlError } from './sqlFailure';
import type { Executor } from './types';

/** Statements one by one, each by itself (CREATE DATABASE must not be in a transaction block). */
export const sql: Executor<SqlStep> = async (step, context) => {
  await withSession(step, context, async (client, guard) => {
    for (const [index, statement] of step.statements.entries()) {
      throwIfCancelled(context.signal);
      context.progress(index / step.statements.length, step.title);
      context.log('info', statement, 'sql');
      try {
        await guard(client.query(statement));
        context.touched();
      } catch (error) {
        const explained = explainSqlError(error, step.title, statement);
        if (!step.tolerant || context.signal.aborted) throw explained;
        context.log('warning', explained.message, 'sql');
      }
    }
  });
};
