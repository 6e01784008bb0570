import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { openUnwrapped } from '../../archive';
import { CancelledError } from '../../errors';
import type { CopyInStep } from '../../plan';
import { explainFileError } from '../../fileFailure';
import { withSession } from './session';
import { explainSqlError } from './sqlFailure';
import type { Executor } from './types';

/** A file into `COPY … FROM STDIN`: one transaction, all rows or none. */
export const copyIn: Executor<CopyInStep> = async (step, context) => {
  const { signal } = context;
  const { size } = await stat(step.path).catch((error: unknown) => {
    throw explainFileError(error, step.path);
  });
  try {
    return await withSession(step, context, async (client, guard) => {
      const input = await openUnwrapped(step.path);
      const meter = new Transform({
        transform(chunk, _encoding, callback) {
          const read = input.bytesRead();
          context.progress(size > 0 ? read / size : null, step.title, read);
          callback(null, chunk);
        },
      });
      await guard(client.query('begin'));
      context.log('info', step.statement, 'sql');
      const sink = client.query(copyFrom(step.statement));
      await pipeline(input.stream, meter, sink, { signal });
      await guard(client.query('commit'));
      context.touched();
      return { rows: sink.rowCount };
    });
  } catch (error) {
    throw signal.aborted ? new CancelledError() : explainSqlError(error, step.title);
  }
};
