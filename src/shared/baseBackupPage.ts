import type { ErrorFacts } from './rpc';

export type { ErrorFacts };

export type BaseBackupAction =
  | 'restore'
  | 'verifyChecksum'
  | 'verifyContents'
  | 'rehearse'
  | 'recover'
  | 'combine'
  | 'chooseArchive'
  | 'showManifest'
  | 'reveal'
  | 'refresh'
  | 'delete';

/** Something that takes room: a database, a folder, a file. */
export interface Bar {
  label: string;
  /** `1,204 files`; empty where there is nothing to say. */
  detail: string;
  bytes: number;
  size: string;
}

/** A backup in the chain, or the place of one that is missing. */
export interface ChainLink {
  kind: 'full' | 'incremental' | 'differential' | 'missing';
  /** `full`, `MISSING` */
  word: string;
  /** `Today 14:02`; of a missing one what is known of it. */
  when: string;
  /** Size and evidence. */
  detail: string;
  /** Null: it is not there. */
  path: string | null;
  /** The one this page is about. */
  here: boolean;
}

/** Above the page. */
export interface BaseBackupHead {
  title: string;
  facts: { label: string; value: string; title?: string }[];
  evidence: { kind: 'good' | 'bad' | 'none'; text: string; title?: string };
  warnings: { kind: 'warning' | 'error'; text: string; details: string[] }[];
  /** In the order of importance; the first is the primary one. */
  actions: { id: BaseBackupAction; label: string; title?: string }[];
}

/** A rehearsal: where its time went. */
export interface Receipt {
  /** `Restored in 41 s, 3 min ago` */
  text: string;
  parts: { label: string; time: string; ms: number }[];
  checks: { name: string; ok: boolean }[];
}

/** Everything of the page, worded and formatted by the host. */
export interface BaseBackupView {
  head: BaseBackupHead;
  receipt: Receipt | null;
  /** Null while it is read, or where it cannot be. */
  contents: {
    /** `1.3 GB in 2,345 files` */
    total: string;
    /** Its own manifest is not there: sizes are not known. */
    unlisted: boolean;
    databases: Bar[];
    tablespaces: Bar[];
    shared: Bar[];
    largest: Bar[];
    /** From the full backup to this one. */
    chain: ChainLink[];
    /** What the chain means, a sentence. */
    chainText: string;
    /** Backups that were taken against this one. */
    children: ChainLink[];
    wal: {
      state: 'there' | 'archived' | 'missing' | 'unknown';
      text: string;
      /** First and last segment, and the archive that was looked into. */
      details: string[];
      /** An archive can be named, or another one. */
      choose: string;
    };
  } | null;
  /** Why it cannot be read. */
  problem: ErrorFacts | null;
}

/** What the page calls. */
export interface BaseBackupHost {
  ready(nothing: null): { view: BaseBackupView; texts: BaseBackupTexts; locale: string };
  act(action: BaseBackupAction): void;
  /** Opens another backup of the chain. */
  open(path: string): void;
}

/** What the page hears. */
export interface BaseBackupPage {
  changed(view: BaseBackupView): void;
}

export interface BaseBackupTexts {
  actions: string;
  warnings: string;
  details: string;
  verify: string;
  reading: string;
  refresh: string;
  room: string;
  databases: string;
  shared: string;
  tablespaces: string;
  largest: string;
  name: string;
  size: string;
  share: string;
  files: string;
  noManifest: string;
  chain: string;
  children: string;
  here: string;
  wal: string;
  receipt: string;
  passed: string;
  failed: string;
}
