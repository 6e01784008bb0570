import { getHeapStatistics } from 'node:v8';
import type { Limits } from './types';

const MB = 1024 * 1024;

/** What reading one dump may use where nobody says otherwise. */
export const defaultLimits: Limits = {
  // A database can have a million large objects with an entry each: who gives the process more memory can read it.
  // A fifth, for the limit counts the young generation too, and what is listed is also printed.
  memory: Math.max(48 * MB, Math.floor(getHeapStatistics().heap_size_limit / 5)),
  disk: 1024 * MB,
  value: 64 * 1024,
};
