import * as vscode from 'vscode';
import { Archives } from './archives';
import { QuickInputAsk, ScriptedAsk } from './ask';
import { Backups } from './backups';
import { commands, registerCommands } from './commands';
import { Connections } from './connections';
import { DirectoryDumps } from './directoryDumps';
import { ComparisonEditor } from './comparing/comparisonEditor';
import { SideTexts } from './comparing/sideTexts';
import { ContentsEditor } from './editors/contentsEditor';
import { GridLayouts } from './editors/gridLayouts';
import { Ticks } from './editors/ticks';
import { DumpFiles } from './documents/dumpFiles';
import { JobLogs } from './documents/jobLog';
import { RowPreviews } from './documents/preview';
import { RestoreReports } from './documents/restoreReports';
import { ReviewedSql } from './documents/reviewedSql';
import { tellComparison, tellFailure, tellRecovery, tellRehearsal, tellUndo } from './jobNotices';
import { Jobs } from './jobs';
import { KnownServers } from './knownServers';
import { Log } from './log';
import { Dumps } from './reader/dumps';
import { Secrets } from './secrets';
import type { Services } from './services';
import { Sessions } from './sessions';
import { JobsStatus } from './status';
import { registerTasks } from './tasks';
import { BackupsTree, ConnectionsTree, JobsTree, RoleColours } from './trees';
import { WalFolders } from './walFolders';

/** What the tests inside the editor get; nobody else gets anything. */
export interface TestApi {
  ask: ScriptedAsk;
  comparisonEditor: ComparisonEditor;
  contentsEditor: ContentsEditor;
  jobsStatus: JobsStatus;
  services: Services;
}

/** The parts list: constructs, passes on, registers. Nothing here reads a file or loads the engine. */
export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  const testing = context.extensionMode === vscode.ExtensionMode.Test;
  const scripted = new ScriptedAsk();
  const ask = testing ? scripted : new QuickInputAsk();
  const { extensionUri } = context;
  const cli = vscode.Uri.joinPath(extensionUri, 'dist', 'cli.js').fsPath;

  const log = new Log();
  const secrets = new Secrets({ storage: context.secrets, log });
  const connections = new Connections();
  const sessions = new Sessions({ secrets, ask, log });
  const jobs = new Jobs({ connections, sessions, log, cli });
  const backups = new Backups({ jobs, log });
  const knownServers = new KnownServers({ connections, backups, memento: context.globalState });
  const jobLogs = new JobLogs({ jobs, log });
  const restoreReports = new RestoreReports({ jobs });
  const reviewedSql = new ReviewedSql();
  const rowPreviews = new RowPreviews();
  const dumps = new Dumps({ extensionUri });
  const dumpFiles = new DumpFiles({ dumps });
  const ticks = new Ticks(context.workspaceState);
  const walFolders = new WalFolders(context.globalState);
  const archives = new Archives(context.globalState, walFolders, cli);
  const trees = {
    connections: new ConnectionsTree({ archives, connections, sessions, backups, knownServers, log }),
    backups: new BackupsTree({ backups }),
    jobs: new JobsTree({ jobs }),
  };
  const jobsStatus = new JobsStatus({ jobs, view: trees.jobs.view, log });
  const sideTexts = new SideTexts();
  const services: Services = {
    archives,
    ask,
    backups,
    cli,
    connections,
    dumpFiles,
    dumps,
    extensionUri,
    gridLayouts: new GridLayouts(context.globalState),
    jobLogs,
    jobs,
    knownServers,
    log,
    restoreReports,
    reviewedSql,
    rowPreviews,
    secrets,
    sessions,
    sideTexts,
    throwErrors: testing,
    ticks,
    trees,
    walFolders,
  };
  const contentsEditor = new ContentsEditor(services);
  const comparisonEditor = new ComparisonEditor(services);
  context.subscriptions.push(
    log,
    connections,
    sessions,
    backups,
    jobs,
    jobLogs,
    restoreReports,
    reviewedSql,
    rowPreviews,
    jobsStatus,
    dumps,
    dumpFiles,
    ticks,
    contentsEditor,
    comparisonEditor,
    sideTexts,
    ...Object.values(trees),
    new RoleColours(),
    new DirectoryDumps(),
    registerCommands(commands, services),
    registerTasks(services),
    jobs.onDidFinish((job) => void tellFailure(job, log)),
    jobs.onDidFinish((job) => void tellUndo(job)),
    jobs.onDidFinish((job) => void tellRehearsal(job)),
    jobs.onDidFinish((job) => void tellComparison(job)),
    jobs.onDidFinish((job) => void tellRecovery(job)),
    jobs.onDidFinish(({ plan }) => {
      // Databases came or rows changed.
      if (plan.kind === 'restore' || plan.kind === 'restorePoint' || plan.kind === 'copyIn')
        trees.connections.reloadServers(Object.values(plan.connections).map(({ id }) => id));
      // A side cluster was started, opened or moved.
      if (plan.kind === 'restoreFiles') trees.connections.reloadSides();
    }),
  );
  return testing ? { ask: scripted, comparisonEditor, contentsEditor, jobsStatus, services } : undefined;
}
