import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import type { ToolStep, Warning } from '../plan';
import { toArguments } from '../tools';
import type { ClientBuild } from '../tools/types';
import {
  compressionArgument,
  defaultCompression,
  parseCompression,
  type CompressionChoice,
} from './compression';
import { checkExtra } from './extra';
import { exactPattern } from './patterns';
import { checkRights, dataWarnings } from './rights';
import { list, relationsOf, select, selectionAnswers, type Selection } from './selection';
import type { Source } from './source';
import type { Answers, DumpFormat, TableName } from './types';

/** One pg_dump of one database into one file or folder. */
export interface DumpInput {
  source: Source;
  build: ClientBuild;
  format: DumpFormat;
  options: Answers;
  extra: string[];
  schemas?: string[];
  tables?: TableName[];
  ignoreMissingRights?: boolean;
  /** Absolute path it is written to: the final one's `.partial`. */
  target: string;
}

export interface PlannedDump {
  step: ToolStep;
  compression: CompressionChoice;
  selection: Selection;
  warnings: Warning[];
}

/** Bytes every step counts for at least: reading the catalogs takes its time. */
const catalogWeight = 5_000_000;

/** Pure: what a server and a client said before, in; arguments, out. */
export function planDumpStep(input: DumpInput): PlannedDump {
  const { source, build, format, target } = input;
  const compression = wantedCompression(input.options) ?? defaultCompression(format, build);
  const options = merge(input.options, selectionAnswers(source, build.version.major, input));
  if (
    options.compress !== undefined ||
    compression.method !== 'none' ||
    format === 'custom' ||
    format === 'directory'
  )
    options.compress = compressionArgument(compression, build);
  checkFormat(input, compression);
  const selection = select(source, options);
  const warnings = [
    ...checkRights(source, selection, options, input.ignoreMissingRights ?? false),
    ...dataWarnings(source, selection),
  ];
  if (format === 'tar') delete options.compress;
  // pg_dump records where each table's rows lie only in a file it opened itself. Through a prefix it would
  // open it on the other side, so there everything comes through standard output.
  const itself = !build.prefix?.length && (format === 'custom' || format === 'directory');
  const relations = relationsOf(selection);
  const step: ToolStep = {
    do: 'tool',
    title: l10n.t('Dump {0}', source.database),
    weight: relations.reduce((sum, relation) => sum + relation.bytes, catalogWeight),
    tool: 'pg_dump',
    build,
    args: [
      `--format=${format}`,
      '--verbose',
      ...(itself ? [`--file=${target}`] : []),
      ...toArguments('pg_dump', build.version, options),
      ...checkExtra('pg_dump', build.version, input.extra),
    ],
    connection: 'source',
    database: source.database,
    ...(itself ? { writes: target } : { stdout: target }),
    dialect: 'pg_dump',
    relations,
  };
  return { step, compression, selection, warnings };
}

/** The compression asked for, if any; what a client must be able to write. */
export function wantedCompression(options: Answers | undefined): CompressionChoice | undefined {
  return options?.compress === undefined ? undefined : parseCompression(options.compress);
}

/** Lists grow, the rest is replaced. */
function merge(options: Answers, more: Answers): Answers {
  const merged: Answers = { ...options };
  for (const [key, value] of Object.entries(more))
    merged[key] = Array.isArray(value) ? [...list(options[key]), ...value] : value;
  return merged;
}

function checkFormat({ source, build, format, options }: DumpInput, compression: CompressionChoice): void {
  if (format === 'directory' && build.prefix?.length)
    throw new RestorePointError({
      code: 'backup.directoryThroughPrefix',
      what: l10n.t('A directory dump cannot be made by tools that run elsewhere.'),
      why: l10n.t(
        '"{0}" would write the folder on its side; only a single stream comes back.',
        build.prefix.join(' '),
      ),
      next: l10n.t('Take the custom format, or client programs on this machine.'),
      remedies: [{ do: 'addToolFolder' }],
    });
  if (/[\r\n]/.test(source.database) && (format === 'tar' || (format === 'plain' && options.create)))
    throw new RestorePointError({
      code: 'backup.databaseName',
      what: l10n.t('pg_dump cannot write {0} in this way.', exactPattern(source.database)),
      why: l10n.t("The database's name holds a line break, which no script can connect to."),
      next: l10n.t('Take the custom format, or for a script leave --create out.'),
    });
  if (format !== 'directory' && options.jobs !== undefined && String(options.jobs) !== '1')
    throw new RestorePointError({
      code: 'backup.option',
      what: l10n.t('Parallel jobs need the directory format.'),
      why: l10n.t('pg_dump writes several files side by side only there.'),
      next: l10n.t('Take the directory format or one job.'),
    });
  if (format === 'tar' && compression.method !== 'none')
    throw new RestorePointError({
      code: 'backup.option',
      what: l10n.t('The tar format cannot be compressed.'),
      why: l10n.t('pg_dump has no compression inside tar archives.'),
      next: l10n.t('Take the custom format, or leave the compression out.'),
    });
}
