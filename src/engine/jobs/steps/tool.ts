import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Entry } from '../../archive';
import type { Access } from '../../connections/types';
import { CancelledError, RestorePointError } from '../../errors';
import type { ToolStep } from '../../plan';
import { concludeTool, doctorFor, withoutSecrets, type Doctor, type ScriptFeed } from '../../restore';
import { renderCommand, runTool } from '../../tools';
import type { Ended } from '../../process';
import type { JobMessage } from '../events';
import { throwIfCancelled } from '../wait';
import { explainFileError } from '../../fileFailure';
import { damagedFiles } from './damagedFiles';
import { FileSink } from './fileSink';
import { openInput } from './toolInput';
import { withList } from './toolList';
import { explainToolFailure } from './toolFailure';
import { archiveEntries, ToolProgress } from './toolProgress';
import type { Executor, StepContext } from './types';

/** One PostgreSQL client program: its files, its messages, its progress, its verdict. */
export const tool: Executor<ToolStep> = async (step, context) => {
  const { signal, notes } = context;
  const access = step.connection ? await context.access(step.connection) : undefined;
  const entries = await archiveEntries(step, signal);
  throwIfCancelled(signal);
  if (step.writes)
    await mkdir(dirname(step.writes), { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw explainFileError(error, step.writes ?? '');
    });
  const input = await openInput(step, signal);
  const args = await withList(step, context);
  const sink = step.stdout ? await FileSink.open(step.stdout) : undefined;
  const doctor = doctorOf(step, context, entries, input?.feed);
  const progress = new ToolProgress(
    step,
    context,
    entries,
    () => sink?.bytes ?? input?.bytesRead() ?? null,
    input && step.dialect === 'psql' ? () => input.fraction() : undefined,
  );
  const told: JobMessage[] = [];
  const tell = (messages: JobMessage[]): void => {
    told.push(...messages);
    notes.judged.push(...messages);
    for (const message of messages) context.event({ type: 'message', message });
  };
  context.log(
    'info',
    renderCommand(step.build, step.tool, args, access?.connection, step.database),
    'command',
  );
  progress.start(access);
  try {
    const ended = await runTool({
      build: step.build,
      tool: step.tool,
      args,
      access,
      database: step.database,
      stdin: input?.stream,
      stdout: sink,
      applicationName: context.applicationName,
      signal,
      onStart: ({ pid, startedAtTicks }) => {
        context.event({ type: 'process', pid, startedAtTicks, name: step.tool });
        if (changesServer(step)) context.touched();
      },
      onLine: (_stream, line) => {
        // Scripts of whole servers carry password hashes, and what failed is quoted.
        context.log(levelOf(line), withoutSecrets(line), step.tool);
        progress.line(line);
        if (doctor) tell(doctor.push(line));
      },
    });
    if (doctor) tell(doctor.end());
    throwIfCancelled(signal);
    try {
      judge(step, ended, doctor, told);
    } catch (error) {
      throw access ? await withDamage(error, ended, access, signal) : error;
    }
    if (sink) notes.sums.set(sink.path, sink.sum());
  } catch (error) {
    throw signal.aborted ? new CancelledError() : error;
  } finally {
    await progress.stop();
    input?.stream.destroy();
    sink?.destroy();
  }
};

/** The server only counts damaged pages in its last word; which ones, it said before. */
async function withDamage(
  error: unknown,
  { stderrTail }: Ended,
  access: Access,
  signal: AbortSignal,
): Promise<unknown> {
  if (!(error instanceof RestorePointError) || error.code !== 'basebackup.checksums') return error;
  const files = await damagedFiles(stderrTail, access, signal);
  return new RestorePointError({ ...error.facts(), why: [...files, error.why].join('\n') });
}

/** Dumping only reads. */
function changesServer(step: ToolStep): boolean {
  return step.dialect === 'pg_restore' || step.dialect === 'psql';
}

function doctorOf(
  step: ToolStep,
  context: StepContext,
  entries: Entry[],
  feed: ScriptFeed | undefined,
): Doctor | undefined {
  if (step.dialect !== 'pg_restore' && step.dialect !== 'psql') return undefined;
  const names = new Map(
    entries.map(({ id, kind, schema, name, owner }) => [
      id,
      [kind, schema ?? '-', name, owner].filter(Boolean).join(' '),
    ]),
  );
  return doctorFor(context.job.plan, step, {
    entryById: (id) => names.get(id),
    ...(feed ? { entryAtLine: (line) => feed.entryAtLine(line) } : {}),
  });
}

/** How a tool ended: those that restore are judged by what they said, the others by their exit code. */
function judge(step: ToolStep, ended: Ended, doctor: Doctor | undefined, told: JobMessage[]): void {
  if (!doctor) {
    if (ended.exitCode !== 0) throw explainToolFailure(step, ended);
    return;
  }
  const { ignored } = doctor;
  const failure = concludeTool(step, { ...ended, ignored }, told);
  if (!failure) return;
  // A tool that gave up without a message the doctor knows: its last words may say why.
  throw failure.code === 'restore.failed' && !told.some(({ verdict }) => verdict === 'failed')
    ? explainToolFailure(step, ended)
    : new RestorePointError(failure);
}

function levelOf(line: string): 'info' | 'warning' | 'error' {
  if (/^\S+: (?:error|fatal):|(?:^|: )(?:ERROR|FATAL|PANIC):/.test(line)) return 'error';
  return /^\S+: warning:|(?:^|: )WARNING:/.test(line) ? 'warning' : 'info';
}
