import { connection, dbname, information } from './shared';
import type { ToolOption } from './types';

const action = 'A step of the job does it.';

/** https://www.postgresql.org/docs/current/app-pgreceivewal.html */
export const pgReceivewal: ToolOption[] = [
  {
    flag: 'directory',
    short: 'D',
    takes: 'path',
    group: 'format',
    summary: 'receive write-ahead log files into this directory',
    managed: 'The folder of the archive names it.',
  },
  {
    flag: 'endpos',
    short: 'E',
    takes: 'text',
    match: '[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}',
    group: 'content',
    summary: 'exit after receiving the specified LSN',
  },
  {
    flag: 'if-not-exists',
    takes: 'nothing',
    group: 'running',
    summary: 'do not error if slot already exists when creating a slot',
    managed: action,
  },
  {
    flag: 'no-loop',
    short: 'n',
    takes: 'nothing',
    group: 'running',
    summary: 'do not loop on connection lost',
    managed: 'Always given: the job tries again by itself, and says so.',
  },
  {
    flag: 'no-sync',
    takes: 'nothing',
    excludes: ['synchronous'],
    group: 'running',
    summary: 'do not wait for changes to be written safely to disk',
  },
  {
    flag: 'status-interval',
    short: 's',
    takes: 'number',
    min: 0,
    group: 'connection',
    summary: 'time between status packets sent to server (in seconds)',
  },
  {
    flag: 'slot',
    short: 'S',
    takes: 'text',
    match: '[a-z0-9_]+',
    group: 'running',
    summary: 'replication slot to use',
    managed: 'The job is given one.',
  },
  {
    flag: 'synchronous',
    takes: 'nothing',
    excludes: ['no-sync'],
    group: 'running',
    summary: 'flush write-ahead log immediately after writing',
  },
  {
    flag: 'compress',
    short: 'Z',
    takes: 'text',
    match: String.raw`[a-z0-9]+(?::[a-z0-9=,]+)?`,
    group: 'format',
    summary: 'compress as specified',
  },
  {
    flag: 'create-slot',
    takes: 'nothing',
    group: 'running',
    summary: "create a new replication slot (for the slot's name see --slot)",
    managed: action,
  },
  {
    flag: 'drop-slot',
    takes: 'nothing',
    group: 'running',
    summary: "drop the replication slot (for the slot's name see --slot)",
    managed: action,
  },
  dbname('connection string'),
  ...connection,
  ...information,
];
