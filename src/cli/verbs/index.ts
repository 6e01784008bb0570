import type { VerbLine } from '../io';

/**
 * Every verb: one file, one line here, in the order the help shows them. Only the one that runs is loaded: what
 * the others need (the server's protocol, planning) takes longer to load than a small backup to list.
 */
export const verbs: readonly VerbLine[] = [
  {
    name: 'backup',
    summary: 'makes a backup of a database, a server, or the rows of a table',
    load: () => import('./backup'),
  },
  {
    name: 'list',
    summary: 'the backups in a folder: kind, source, time, size, evidence',
    load: () => import('./list'),
  },
  {
    name: 'inspect',
    summary: 'contents of a backup; --ddl prints a definition, --table its rows',
    load: () => import('./inspect'),
  },
  {
    name: 'export',
    summary: 'rows of a table in a backup as CSV, TSV, JSON lines or INSERTs; a large object',
    load: () => import('./export'),
  },
  {
    name: 'restore',
    summary: 'brings a backup back: into a new database, by a swap, or in place',
    load: () => import('./restore'),
  },
  {
    name: 'combine',
    summary: 'a full base backup out of an incremental one and its chain',
    load: () => import('./combine'),
  },
  {
    name: 'recover',
    summary: 'a cluster of its own as it was at a moment: a base backup and the WAL behind it',
    load: () => import('./recover'),
  },
  {
    name: 'compare',
    summary: 'what differs between two backups, a backup and a database, or two databases',
    load: () => import('./compare'),
  },
  {
    name: 'history',
    summary: 'the backups of a database over time; a table or a row in each of them',
    load: () => import('./history'),
  },
  {
    name: 'undo',
    summary: 'takes a restore back',
    load: () => import('./undo'),
  },
  {
    name: 'create',
    summary: 'keeps a database as it is now, to go back to: a restore point',
    load: () => import('./create'),
  },
  {
    name: 'points',
    summary: 'the restore points of a server',
    load: () => import('./points'),
  },
  {
    name: 'back',
    summary: 'goes back to a restore point',
    load: () => import('./back'),
  },
  {
    name: 'expire',
    summary: 'removes old restore points',
    load: () => import('./expire'),
  },
  {
    name: 'load',
    summary: 'rows of a CSV, TSV or binary file into a table',
    load: () => import('./load'),
  },
  {
    name: 'verify',
    summary: 'checks a backup: its checksums, or everything in it to the last byte',
    load: () => import('./verify'),
  },
  {
    name: 'salvage',
    summary: 'writes what can be read of a damaged backup: definitions, rows, large objects',
    load: () => import('./salvage'),
  },
  {
    name: 'wal',
    summary: 'WAL archives: push and fetch for the server, list, check, clean up',
    load: () => import('./wal'),
  },
  {
    name: 'jobs',
    summary: 'what runs and what ran; cancel, log, retry',
    load: () => import('./jobs'),
  },
  {
    name: 'run-job',
    summary: 'runs a job that was put into a folder',
    hidden: true,
    load: () => import('./runJob'),
  },
];
