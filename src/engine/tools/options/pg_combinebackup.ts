import { information, manifestChecksums, syncMethod } from './shared';
import type { ToolOption } from './types';

const ways = ['clone', 'copy', 'copy-file-range', 'link'];

const way = (flag: string, summary: string, more: Partial<ToolOption> = {}): ToolOption => ({
  flag,
  takes: 'nothing',
  excludes: ways.filter((other) => other !== flag),
  group: 'running',
  summary,
  ...more,
});

/** https://www.postgresql.org/docs/current/app-pgcombinebackup.html */
export const pgCombinebackup: ToolOption[] = [
  {
    flag: 'output',
    short: 'o',
    takes: 'path',
    group: 'format',
    summary: 'output directory',
    managed: "The backup's folder names it.",
  },
  {
    flag: 'tablespace-mapping',
    short: 'T',
    takes: 'text',
    repeat: true,
    group: 'format',
    summary: 'relocate tablespace in OLDDIR to NEWDIR',
  },
  way('link', 'link files instead of copying', {
    short: 'k',
    since: 18,
    managed: 'The new backup would change with the old one.',
  }),
  way('clone', 'clone (reflink) files instead of copying'),
  way('copy', 'copy files (default)'),
  way('copy-file-range', 'copy using copy_file_range() system call'),
  manifestChecksums,
  {
    flag: 'no-manifest',
    takes: 'nothing',
    group: 'content',
    summary: 'suppress generation of backup manifest',
    managed: 'Without it the new backup could not be verified.',
  },
  {
    flag: 'no-sync',
    short: 'N',
    takes: 'nothing',
    group: 'running',
    summary: 'do not wait for changes to be written safely to disk',
  },
  syncMethod(17),
  {
    flag: 'dry-run',
    short: 'n',
    takes: 'nothing',
    group: 'running',
    summary: 'do not actually do anything',
    managed: 'The plan says what will be done.',
  },
  {
    flag: 'debug',
    short: 'd',
    takes: 'nothing',
    group: 'information',
    summary: 'generate lots of debugging output',
  },
  ...information.filter(({ flag }) => flag !== 'verbose'),
];
