import * as vscode from 'vscode';
import type { Answers, DumpFormat, VerifyLevel } from '../../engine/backup';
import type { StrategyName } from '../../engine/restore';
import { engine } from '../engine';
import { taskFormats, taskKinds, taskStrategies, taskVerifyLevels, type TaskKey } from '../ids';

interface JobTask {
  /** Id or name of a connection. */
  connection: string;
  database: string;
  /** The tool's own options by their long names without dashes. */
  options?: Answers;
}

/** Back up `database`. What is absent: the preset's, else the settings'. */
export interface BackupTask extends JobTask {
  task: 'backup';
  format?: DumpFormat;
  /** A preset's name; `last`: the last answers given for this connection. */
  preset?: string;
  folder?: string;
  verify?: VerifyLevel;
  notes?: string;
}

/** Restore `artifact` into `database`; `*` for backups that bring their own databases. */
export interface RestoreTask extends JobTask {
  task: 'restore';
  /** Path of a backup; `latest`: the newest whole one of `source`. */
  artifact: string;
  /** Database whose backup `latest` is. */
  source: string;
  /** Connection that backup was made of. */
  sourceConnection: string;
  strategy: StrategyName;
}

/** Keep `database` as it is now. */
export interface CreatePointTask extends JobTask {
  task: 'createPoint';
  notes?: string;
}

/** Take `database` back to a restore point. */
export interface GoBackTask extends JobTask {
  task: 'goBack';
  /** Its note, or the name under which it is kept; absent: the newest that was asked for. */
  point?: string;
}

export type WantedTask = BackupTask | RestoreTask | CreatePointTask | GoBackTask;

type Given = Partial<Record<TaskKey, unknown>>;

/**
 * Reads an entry of tasks.json.
 * @throws RestorePointError `task.definition` with everything that is wrong with it.
 */
export async function readDefinition(definition: vscode.TaskDefinition): Promise<WantedTask> {
  const given = definition as Given;
  const problems: string[] = [];
  const text = (key: TaskKey, needed: boolean): string | undefined => {
    const value = given[key];
    if (typeof value === 'string' && value !== '') return value;
    if (value !== undefined && value !== '') problems.push(vscode.l10n.t('"{0}" is not a text.', key));
    else if (needed) problems.push(vscode.l10n.t('"{0}" is missing.', key));
    return undefined;
  };
  const one = <T extends string>(key: TaskKey, of: readonly T[]): T | undefined => {
    const value = given[key];
    if (value === undefined || (of as readonly unknown[]).includes(value)) return value as T | undefined;
    problems.push(vscode.l10n.t('"{0}" is none of: {1}.', key, of.join(', ')));
    return undefined;
  };

  const task = one('task', taskKinds) ?? 'backup';
  const connection = text('connection', true) ?? '';
  const database = text('database', true) ?? '';
  const options = readOptions(given.options, problems);
  const common = { connection, database, ...(options ? { options } : {}) };
  const read: Record<WantedTask['task'], () => WantedTask> = {
    backup: () => ({
      task: 'backup',
      ...common,
      ...present({
        format: one('format', taskFormats),
        preset: text('preset', false),
        folder: text('folder', false),
        verify: one('verify', taskVerifyLevels),
        notes: text('notes', false),
      }),
    }),
    restore: () => ({
      task: 'restore',
      ...common,
      artifact: text('artifact', true) ?? '',
      source: text('source', false) ?? database,
      sourceConnection: text('sourceConnection', false) ?? connection,
      strategy: one('strategy', taskStrategies) ?? 'new',
    }),
    createPoint: () => ({ task: 'createPoint', ...common, ...present({ notes: text('notes', false) }) }),
    goBack: () => ({ task: 'goBack', ...common, ...present({ point: text('point', false) }) }),
  };
  const wanted = read[task]();
  if (!problems.length) return wanted;
  const { RestorePointError } = await engine();
  throw new RestorePointError({
    code: 'task.definition',
    what: vscode.l10n.t('This task cannot be understood.'),
    why: problems.join(' '),
    next: vscode.l10n.t('Correct it in tasks.json.'),
  });
}

/** Only the form is looked at here: which options there are depends on the client that will be chosen. */
function readOptions(value: unknown, problems: string[]): Answers | undefined {
  if (value === undefined) return undefined;
  const fits = (answer: unknown): boolean =>
    ['string', 'number', 'boolean'].includes(typeof answer) ||
    (Array.isArray(answer) && answer.every((item) => typeof item === 'string'));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const wrong = Object.entries(value).filter(([, answer]) => !fits(answer));
    for (const [flag] of wrong)
      problems.push(vscode.l10n.t('"options": "{0}" is no text, number, yes or no, or list of texts.', flag));
    return value as Answers;
  }
  problems.push(vscode.l10n.t('"options" is not an object.'));
  return undefined;
}

/** Without what is undefined: an absent answer must not overrule a preset's. */
function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
