import type * as vscode from 'vscode';
import type { Archives } from './archives';
import type { Ask } from './ask';
import type { Backups } from './backups';
import type { SideTexts } from './comparing/sideTexts';
import type { Connections } from './connections';
import type { GridLayouts } from './editors/gridLayouts';
import type { Ticks } from './editors/ticks';
import type { DumpFiles } from './documents/dumpFiles';
import type { JobLogs } from './documents/jobLog';
import type { RowPreviews } from './documents/preview';
import type { RestoreReports } from './documents/restoreReports';
import type { ReviewedSql } from './documents/reviewedSql';
import type { Jobs } from './jobs';
import type { KnownServers } from './knownServers';
import type { Log } from './log';
import type { Dumps } from './reader/dumps';
import type { Secrets } from './secrets';
import type { Sessions } from './sessions';
import type { Trees } from './trees';
import type { WalFolders } from './walFolders';

/** What a command may need, each by its name. Made once, in extension.ts. */
export interface Services {
  archives: Archives;
  ask: Ask;
  backups: Backups;
  /** Path of the command line's bundle. */
  cli: string;
  connections: Connections;
  /** What is inside of dumps, as files. */
  dumpFiles: DumpFiles;
  dumps: Dumps;
  extensionUri: vscode.Uri;
  gridLayouts: GridLayouts;
  jobLogs: JobLogs;
  jobs: Jobs;
  knownServers: KnownServers;
  log: Log;
  reviewedSql: ReviewedSql;
  restoreReports: RestoreReports;
  rowPreviews: RowPreviews;
  secrets: Secrets;
  sessions: Sessions;
  /** Sides of differences as documents. */
  sideTexts: SideTexts;
  /** In tests a failed command also rejects; a person has seen the message. */
  throwErrors: boolean;
  /** What is ticked in open or once opened dumps. */
  ticks: Ticks;
  trees: Trees;
  /** Where the WAL of clusters is archived. */
  walFolders: WalFolders;
}
