import type { CopyWay } from '../../physical';
import type { ClientBuild } from '../../tools/types';

/** A base backup into a folder, as a cluster of its own. */
export interface DirectoryRequest {
  /** Path of the backup; its chain lies beside it. */
  artifact: string;
  /** The data directory: absolute, missing or empty. */
  directory: string;
  /** New folders of tablespaces, by OID, name or old location. Others come beside the directory, by their OIDs. */
  tablespaces?: Record<string, string>;
  /** Default `primary`. */
  as?: 'primary' | 'standby';
  /** Of a standby: how it reaches its primary; no password. */
  primaryConninfo?: string;
  /** How WAL is taken from an archive. */
  restoreCommand?: string;
  /** Further settings of the cluster. */
  settings?: Record<string, string>;
  /** Further small files in it, by their names. */
  files?: Record<string, string>;
  /** Its socket is for its owner only, who needs no password there. */
  onlyOwner?: true;
  /** Started on this port and socket when it is there. */
  start?: { port: number; socketFolder?: string };
  /** How unchanged files come over when a chain is combined. Default `copy`. */
  way?: CopyWay;
}

export interface DirectoryContext {
  builds: ClientBuild[];
  now: Date;
  signal?: AbortSignal;
}
