import type { ConnectionSettings } from '../types';

/** A connection found in a workspace's files. Offered, never stored; the password stays in memory. */
export interface FoundConnection {
  /** The file, relative to the workspace's folder: `.env`, `docker/compose.yaml`. */
  label: string;
  /** What in it: `DATABASE_URL → shop_dev`, `db`. */
  detail: string;
  /** The file's whole path. */
  file: string;
  /** Counts from 1. */
  line: number;
  settings: ConnectionSettings;
  password?: string;
}

/** What one file yields, before its path is put to it. */
export type FoundInFile = Omit<FoundConnection, 'label' | 'file'>;
