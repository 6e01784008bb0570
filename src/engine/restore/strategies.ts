import { inPlace } from './inPlace';
import { newDatabase } from './new';
import { replace } from './replace';
import type { RestoreStrategy } from './types';

/** Every way of restoring: one file, one line here. */
export const strategies: RestoreStrategy[] = [newDatabase, replace, inPlace];
