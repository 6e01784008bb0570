import type { RecoveryTarget } from '../engine/physical/types';
import type { PlanView } from '../engine/planView';
import type { LivePlanTexts } from './planPage';
import type { ErrorFacts } from './rpc';

export type { ErrorFacts, PlanView, RecoveryTarget };

/** Everything a person says about a recovery, in one piece of plain data. */
export interface RecoverDraft {
  /** Key of a cluster; empty while there is none. */
  cluster: string;
  target: RecoveryTarget;
  /** Stop before it. */
  exclusive: boolean;
  /** What stands at the target, where it was chosen by that: `DROP orders`. */
  called: string | null;
  /** Null: the newest that leads to it. */
  timeline: number | null;
  /** Path of the backup to begin with; null: the newest that fits. */
  from: string | null;
  directory: string;
  port: number;
  /** A superuser of the original. */
  user: string;
  /** New folders by OID; others come beside the directory. */
  tablespaces: Record<string, string>;
}

/** A place in the WAL and about when it was written, ISO 8601; null where nothing tells it. */
export interface Place {
  lsn: string;
  time: string | null;
}

/** A place whose time is known. */
export interface Moment extends Place {
  time: string;
}

/** A cluster's time line, worded and formatted by the host; labels are plain text. */
export interface ClusterLine {
  key: string;
  /** `Cluster 7391…`. */
  title: string;
  facts: string[];
  /** `Wed 18 Nov 09:00 → 40 s ago, one gap`. */
  window: string;
  /** The WAL archive; null when none is known. */
  wal: string | null;
  /** Oldest first. */
  marks: Mark[];
  timelines: {
    timeline: number;
    label: string;
    /** `lsn` is where it branched from the other. */
    parent: (Place & { timeline: number }) | null;
    bands: { from: Moment; to: Moment; label: string }[];
  }[];
  gaps: { timeline: number; from: Place; to: Place; label: string }[];
  windows: { timeline: number; from: Moment; to: Moment }[];
}

export interface Mark extends Moment {
  /** Path of the backup. */
  where: string;
  timeline: number;
  full: boolean;
  /** Its chain is there. */
  whole: boolean;
  label: string;
}

/** Whether the target can be reached, as it is said. */
export interface Reached {
  /** `from full 18 Nov 09:00 + 2`; null when it cannot be. */
  text: string | null;
  error: ErrorFacts | null;
  /** What can be reached instead: a press takes it. */
  nearest: { label: string; set: Partial<RecoverDraft> }[];
  /** Of the backup that is begun with, by OIDs. */
  tablespaces: { oid: string; label: string }[];
}

/** What stands in the WAL near a time: a commit, or a place that was named. */
export interface EventLine extends Moment {
  timeline: number;
  /** `DROP orders`. */
  label: string;
  /** `shop · transaction 81233`. */
  detail: string;
  kind: 'commit' | 'loss' | 'name';
}

export interface EventQuery {
  cluster: string;
  timeline: number | null;
  /** ISO 8601. */
  from: string;
  to: string;
  /** Only what loses rows or tables, and names. */
  onlyLosses: boolean;
}

export interface FoundEvents {
  events: EventLine[];
  /** There are more: these are the last before the end. */
  cut: boolean;
}

/** What the recovery page may ask of the host. */
export interface RecoverHost {
  ready(nothing: null): {
    clusters: ClusterLine[];
    draft: RecoverDraft;
    texts: RecoverTexts;
    locale: string;
    /** A cluster that was recovered is moved on: only its target is to be said. */
    forward: boolean;
  };
  /** Reads the folders anew. */
  refresh(nothing: null): ClusterLine[];
  /** Asks for the folder of a cluster's WAL archive and reads anew; null when the person gave up. */
  chooseWal(cluster: string): ClusterLine[] | null;
  reach(draft: RecoverDraft): Reached;
  /** What it would do. Looks, and changes nothing. */
  plan(draft: RecoverDraft): PlanView;
  events(query: EventQuery): FoundEvents;
  /** Asks for the folder to recover into; null when the person gave up. */
  browse(present: string): string | null;
  /** Starts it; false when the person gave up. */
  run(draft: RecoverDraft): boolean;
  copy(text: string): void;
}

/** What the host may ask of the recovery page. */
export interface RecoverPage {
  /** How far the look into the WAL has come. */
  scanned(share: number): void;
  /** Backups came or went, or other folders are listed. */
  stale(nothing: null): void;
}

export type TargetKind = RecoveryTarget['kind'];

/** Every text of the page, localised by the host. */
export interface RecoverTexts extends LivePlanTexts {
  recover: string;
  showCommands: string;
  hideCommands: string;
  refresh: string;
  cluster: string;
  nothingHere: string;
  wal: string;
  noWal: string;
  chooseWal: string;
  timeLine: string;
  backups: string;
  zoomIn: string;
  zoomOut: string;
  /** Of the handle on the time line. */
  handle: string;
  keys: string;
  target: string;
  kinds: Record<TargetKind, string>;
  value: string;
  exclusive: string;
  timeline: string;
  newestTimeline: string;
  from: string;
  newestBackup: string;
  /** `reachable ✓ {0}`. */
  reachable: string;
  reach: string;
  before: string;
  look: string;
  looking: string;
  stop: string;
  around: string;
  /** By minutes. */
  spans: { minutes: number; label: string }[];
  onlyLosses: string;
  noEvents: string;
  cut: string;
  /** `Set the target to just before {0}`. */
  takeEvent: string;
  where: string;
  directory: string;
  browse: string;
  port: string;
  user: string;
  tablespaces: string;
}
