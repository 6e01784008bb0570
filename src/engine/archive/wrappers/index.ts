import { compressed } from './compressed';
import { utf16 } from './utf16';
import type { Wrapper } from './types';

/** Every wrapper a dump can lie in. */
export const wrappers: readonly Wrapper[] = [...compressed, utf16];

export type { Wrapper } from './types';
