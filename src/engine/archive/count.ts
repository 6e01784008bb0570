import type { Contents, CountOptions, Counted, ReadOptions } from './types';

export async function readContents(_path: string, _options: ReadOptions = {}): Promise<Contents> {
  throw new Error('Not there yet.');
}

export async function countRows(_path: string, _options: CountOptions = {}): Promise<Counted> {
  throw new Error('Not there yet.');
}
