import type { WrapperName } from '../types';
import { compressed } from './compressed';
import { utf16 } from './utf16';
import type { Wrapper } from './types';

/** Every wrapper a dump can lie in. */
export const wrappers: readonly Wrapper[] = [...compressed, utf16];

/** Which wrapper a file's first bytes show, null for none. */
export function wrapperOf(head: Buffer): WrapperName | null {
  return wrappers.find((wrapper) => wrapper.matches(head))?.name ?? null;
}

export type { Wrapper } from './types';
