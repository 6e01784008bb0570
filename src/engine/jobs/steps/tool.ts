import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { openUnwrapped, type Entry } from '../../archive';
import { CancelledError, RestorePointError } from '../../errors';
import type { ToolStep } from '../../plan';
import {
  concludeTool,
  doctorFor,
  scriptFeed,
  withoutSecrets,
  type Doctor,
  type ScriptFeed,
} from '../../restore';
import { renderCommand, runTool } from '../../tools';
import type { Ended } from '../../process';
import type { JobMessage } from '../events';
import { throwIfCancelled } from '../wait';
import { explainFileError } from './fileFailure';
import { FileSink } from './fileSink';
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
  const input = await openInput(step);
  const sink = step.stdout ? await FileSink.open(step.stdout) : undefined;
  const doctor = doctorOf(step, context, entries, input?.feed);
  const progress = new ToolProgress(
    step,
    context,
    entries,
    () => sink?.bytes ?? input?.bytesRead() ?? null,
    input && step.dialect === 'psql' ? () => input.bytesRead() / Math.max(1, input.size) : undefined,
  );
  const told: JobMessage[] = [];
  const tell = (messages: JobMessage[]): void => {
    told.push(...messages);
    notes.judged.push(...messages);
    for (const message of messages) context.event({ type: 'message', message });
  };
  context.log(
    'info',
    renderCommand(step.build, step.tool, step.args, access?.connection, step.database),
    'command',
  );
  progress.start(access);
  try {
    const ended = await runTool({
      build: step.build,
      tool: step.tool,
      args: step.args,
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
    judge(step, ended, doctor, told);
    if (sink) notes.sums.set(sink.path, sink.sum());
  } catch (error) {
    throw signal.aborted ? new CancelledError() : error;
  } finally {
    await progress.stop();
    input?.stream.destroy();
    sink?.destroy();
  }
};

interface Input {
  stream: Readable;
  /** Size of the file, and bytes read of it, as it lies on the disk. */
  size: number;
  bytesRead(): number;
  feed: ScriptFeed | undefined;
}

async function openInput(step: ToolStep): Promise<Input | undefined> {
  const path = step.stdin;
  if (path === undefined) return undefined;
  try {
    const { size } = await stat(path);
    const { stream, bytesRead } = await openUnwrapped(path);
    if (step.dialect !== 'psql') return { stream, size, bytesRead, feed: undefined };
    const feed = scriptFeed(step.omitLines);
    // An error of the file reaches the tool through the last stream.
    return { stream: pipeline(stream, feed.transform, () => {}), size, bytesRead, feed };
  } catch (error) {
    throw explainFileError(error, path);
  }
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
