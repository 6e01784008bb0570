import { rm } from 'node:fs/promises';
import { isPartial } from '../../artifacts';
import type { DiscardStep } from '../../plan';
import type { Executor } from './types';

/** Nothing but what is half-made by its name. */
export const discard: Executor<DiscardStep> = async ({ folder }) => {
  if (isPartial(folder)) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
};
