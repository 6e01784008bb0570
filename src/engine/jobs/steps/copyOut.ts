import { pipeline } from 'node:stream/promises';
import { to as copyTo } from 'pg-copy-streams';
import { CancelledError } from '../../errors';
import type { CopyOutStep } from '../../plan';
import { FileSink } from './fileSink';
import { watchServerProgress } from './serverProgress';
import { withSession } from './session';
import { explainSqlError } from './sqlFailure';
import type { Executor } from './types';
import { dataItems } from './work';
import { WorkList } from './workList';

/** `COPY … TO STDOUT` into a file, hashed on the way. */
export const copyOut: Executor<CopyOutStep> = async (step, context) => {
  const { signal, notes } = context;
  const access = await context.access(step.connection);
  const work = new WorkList(dataItems(step.relations), true);
  for (const { schema, name } of step.relations ?? []) work.start(`data ${schema}.${name}`);
  let sink: FileSink | undefined;
  const server = watchServerProgress(access, step.database, context.applicationName, (seen) => {
    work.observe(seen);
    context.progress(work.fraction(), step.title, sink?.bytes ?? null);
  });
  try {
    return await withSession(step, context, async (client) => {
      context.log('info', step.statement, 'sql');
      const stream = client.query(copyTo(step.statement));
      sink = await FileSink.open(step.path);
      await pipeline(stream, sink, { signal });
      notes.sums.set(step.path, sink.sum());
      const rows = stream.rowCount ?? null;
      const [table] = step.relations ?? [];
      if (table && step.relations?.length === 1)
        notes.tables.push({ schema: table.schema, name: table.name, rows });
      return { rows };
    });
  } catch (error) {
    throw signal.aborted ? new CancelledError() : explainSqlError(error, step.title);
  } finally {
    sink?.destroy();
    await server.stop();
  }
};
