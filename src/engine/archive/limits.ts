import type { Limits } from './types';

/** What reading one dump may use where nobody says otherwise. */
export const defaultLimits: Limits = {
  memory: 192 * 1024 * 1024,
  disk: 1024 * 1024 * 1024,
  value: 64 * 1024,
};
