import * as l10n from '@vscode/l10n';
import type { ToolStep } from '../../plan';

/** What one line of a tool's standard error tells about progress. */
export interface Sign {
  /** A part of the work begins: its key in the work list. */
  start?: string;
  /** A part is finished (parallel tools only): the entry's kind and name, without its schema. */
  finished?: string;
  /** What a person reads. */
  what?: string;
  /** How far all of it is, 0 … 1, and bytes moved, of tools that say so. */
  fraction?: number;
  bytes?: number;
}

type Reader = (line: string) => Sign | undefined;

function finishedItem(line: string): Sign | undefined {
  const finished = /^pg_(?:dump|restore): finished item \d+ (.*)$/.exec(line)?.[1];
  return finished === undefined ? undefined : { finished };
}

const pgDump: Reader = (line) => {
  const table = /^pg_dump: dumping contents of table "(.*)"$/.exec(line)?.[1];
  if (table !== undefined) return { start: `data ${table}`, what: table };
  const reading = /^pg_dump: (?:reading|identifying|finding|flagging|saving) (.*)$/.exec(line)?.[1];
  if (reading !== undefined) return { what: l10n.t('reading the catalog: {0}', reading) };
  return finishedItem(line);
};

const pgDumpall: Reader = (line) => {
  const database = /^pg_dumpall: dumping database "(.*)"/.exec(line)?.[1];
  return database === undefined ? pgDump(line) : { what: database };
};

const pgRestore: Reader = (line) => {
  const table = /^pg_restore: processing data for table "(.*)"$/.exec(line)?.[1];
  if (table !== undefined) return { start: `data ${table}`, what: table };
  const created = /^pg_restore: (?:creating|executing) ([A-Z][A-Z ]*[A-Z]) "?(.*?)"?$/.exec(line);
  if (created) return { start: `${created[1]} ${created[2]}`, what: `${created[1]} ${created[2]}` };
  return finishedItem(line);
};

/** `  49152/195312 kB (25%), 0/2 tablespaces (…)`: the server's estimate of the whole may be too small. */
const pgBasebackup: Reader = (line) => {
  const [, done, total, tablespace] =
    /^\s*(\d+)\/(\d+) kB \(\d+%\), \d+\/\d+ tablespaces?(?: \((.*)\))?$/.exec(line) ?? [];
  if (done !== undefined)
    return {
      bytes: Number(done) * 1024,
      ...(Number(total) > 0 ? { fraction: Math.min(1, Number(done) / Number(total)) } : {}),
      ...(tablespace ? { what: tablespace.trim() } : {}),
    };
  if (/initiating base backup, waiting for checkpoint/.test(line))
    return { what: l10n.t('waiting for the checkpoint of the server') };
  if (/waiting for background process to finish streaming/.test(line))
    return { what: l10n.t('taking the last WAL') };
  return /syncing data to disk/.test(line) ? { what: l10n.t('writing everything to the disk') } : undefined;
};

/** How each tool's messages are read: one line each. They are English, the tools run with LC_MESSAGES=C. */
const readers: Record<ToolStep['dialect'], Reader> = {
  pg_dump: pgDump,
  pg_dumpall: pgDumpall,
  pg_restore: pgRestore,
  psql: () => undefined,
  pg_basebackup: pgBasebackup,
  pg_combinebackup: () => undefined,
};

export function readSign(dialect: ToolStep['dialect'], line: string): Sign | undefined {
  return readers[dialect](line);
}
