import type { PlanView } from '../engine/planView';
import type { RestoreRequest } from '../engine/restore/types';
import type { LivePlanTexts } from './planPage';

export type { PlanView };

/** Everything a person says about a restore, in one piece of plain data. */
export interface RestoreDraft {
  /** Id of a connection; empty while there is none. */
  connection: string;
  /** Empty for backups that bring their own databases. */
  database: string;
  request: Omit<RestoreRequest, 'artifact' | 'database'>;
}

/** The backup, worded and formatted by the host; names are plain text. */
export interface RestoreSubject {
  title: string;
  /** `custom, zstd`, `80 MB`, `✓ decoded 2 h ago`. */
  facts: string[];
  /** It brings several databases under their own names. */
  several: boolean;
  schemas: string[];
  owners: string[];
  tablespaces: string[];
  /** What was ticked in the contents, as the dump names it; null when nothing was. */
  ticked: { entries: number[]; names: string[] } | null;
}

export interface RestoreDatabases {
  databases: { name: string; size: string }[];
  /** A free name for a new one. */
  free: string;
}

/** What the restore page may ask of the host. */
export interface RestoreHost {
  ready(nothing: null): {
    subject: RestoreSubject;
    draft: RestoreDraft;
    connections: { id: string; name: string; role: string }[];
    texts: RestoreTexts;
  };
  databases(connection: string): RestoreDatabases;
  /** What it would do. Looks, and changes nothing. */
  plan(draft: RestoreDraft): PlanView;
  /** The draft with what a fix changes of it. */
  settle(what: { draft: RestoreDraft; set: Record<string, unknown> }): RestoreDraft;
  /** Starts it, after what is destroyed was confirmed; false when the person gave up. */
  run(draft: RestoreDraft): boolean;
  /** Restores it into a throwaway database first, and checks that. */
  rehearse(draft: RestoreDraft): void;
  /** Compares the database as it is with the backup. */
  compare(draft: RestoreDraft): void;
  /** Opens the contents, to tick what is wanted. */
  choose(nothing: null): void;
  copy(text: string): void;
}

/** What the host may ask of the restore page. */
export interface RestorePage {
  /** Other entries were ticked. */
  ticked(ticked: RestoreSubject['ticked']): void;
}

/** Every text of the page, localised by the host. */
export interface RestoreTexts extends LivePlanTexts {
  restore: string;
  rehearse: string;
  compare: string;
  showCommands: string;
  hideCommands: string;
  where: string;
  connection: string;
  database: string;
  how: string;
  strategies: Record<'new' | 'replace' | 'in-place', { label: string; detail: string }>;
  what: string;
  everything: string;
  /** `Only what is ticked ({0})`. */
  onlyTicked: string;
  tick: string;
  rows: string;
  needed: string;
  existing: string;
  existings: Record<'add' | 'replace' | 'beside', string>;
  options: string;
  noOwner: string;
  noPrivileges: string;
  tolerant: string;
  definitionsOnly: string;
  checkFirst: string;
  safety: string;
  safeties: Record<'auto' | 'clone' | 'dump' | 'none', string>;
  otherNames: string;
  kinds: Record<'schemas' | 'owners' | 'tablespaces', string>;
  newName: string;
  addName: string;
  remove: string;
  settled: string;
  createRoles: string;
  endSessions: string;
  withoutExtensions: string;
  ignoreRoom: string;
  noConnection: string;
}
