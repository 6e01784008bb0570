import type { BackupSet } from '../sets';
import type { RecoveryEnd, RecoveryWindow } from './types';

/** One cluster as its backups and its WAL archive show it: plain data, whoever keeps them. */
export interface RecoveryMap {
  /** Null where no backup and no segment says it. */
  systemIdentifier: string | null;
  /** Name of the WAL archive; null when none is known. */
  archive: string | null;
  major: number | null;
  /** Base backups, by their ends, the oldest first. */
  marks: MapMark[];
  /** By number. */
  timelines: MapTimeline[];
  gaps: MapGap[];
  /** What can be reached, newest backup first. */
  windows: RecoveryWindow[];
}

export interface MapMark {
  set: BackupSet;
  /** Paths from the full backup to this one; what is missing is left out. */
  chain: string[];
  /** Id of the parent that is not there; null when the chain is whole. */
  missing: string | null;
  /** Where it was ended: the first moment it can be recovered to. */
  end: RecoveryEnd;
}

export interface MapTimeline {
  timeline: number;
  /** What it branched from, and where; `time` is about when, null where nothing tells it. */
  parent: { timeline: number; lsn: string; time: string | null } | null;
  bands: MapBand[];
}

/** WAL without a gap, of one timeline. Times are those at which segments came into the archive. */
export interface MapBand {
  timeline: number;
  segments: number;
  from: RecoveryEnd;
  /** The first byte after it. */
  to: RecoveryEnd;
}

/** Segments that are missing. */
export interface MapGap {
  timeline: number;
  /** Names of the first and last that is missing. */
  first: string;
  last: string;
  segments: number;
  /** Times: when what lies before and behind came into the archive. */
  from: { lsn: string; time: string | null };
  to: { lsn: string; time: string | null };
}
