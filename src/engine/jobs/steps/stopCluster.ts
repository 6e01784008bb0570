import { rm } from 'node:fs/promises';
import type { StopClusterStep } from '../../plan';
import type { Executor } from './types';

/** Ends the server as Ctrl+C would (fast shutdown), then nothing of it is left. */
export const stopCluster: Executor<StopClusterStep> = async ({ folder }, { notes }) => {
  const server = notes.servers.get(folder);
  notes.servers.delete(folder);
  await server?.kill();
  await server?.done.catch(() => undefined);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
};
