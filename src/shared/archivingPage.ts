import type { ArchivingTexts, ArchivingView } from '../engine/physical';

export type { ArchivingTexts, ArchivingView };

/** The page as it stands. */
export interface ArchivingShown {
  title: string;
  /** Where the server is, and its role. */
  place: string;
  view: ArchivingView;
  /** The folder that was chosen for this server; null while none was. */
  folder: string | null;
  /** Why the folder cannot be looked into from here; null where it can. */
  folderProblem: string | null;
  /** Something to know of the command that stands in the set-up; null where it is fine. */
  commandNote: string | null;
  /** Jobs that receive WAL of this server. */
  receiving: { job: string; what: string }[];
}

/** What the page may ask of the host. */
export interface ArchivingHost {
  ready(nothing: null): { shown: ArchivingShown; texts: ArchivingTexts };
  /** Reads everything anew. */
  refresh(nothing: null): ArchivingShown;
  /** The archive's folder, an absolute path; remembered. */
  useFolder(path: string): ArchivingShown;
  /** Asks for a folder of this machine. */
  browse(nothing: null): ArchivingShown;
  /** Another `archive_command` than ours; empty: ours again. */
  useCommand(command: string): ArchivingShown;
  /** Runs the statements after a question. */
  setUp(nothing: null): ArchivingShown;
  /** What came of it, a sentence. */
  test(nothing: null): string;
  /** Starts the job after its questions. */
  receive(nothing: null): void;
  showJob(job: string): void;
  stopJob(job: string): void;
  copy(text: string): void;
}

/** What the host may ask of the page. */
export interface ArchivingPage {
  changed(shown: ArchivingShown): void;
  /** What a test is doing now, a sentence. */
  testing(text: string): void;
}
