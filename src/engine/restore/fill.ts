import { fillFromArchive } from './archive';
import { fillFromScript } from './script';
import type { Filling, FillRequest } from './types';

/** How one file's content gets into one database, by what the file is. */
export async function fill(request: FillRequest): Promise<Filling> {
  return request.source.recognised.kind === 'archive'
    ? fillFromArchive(request)
    : await fillFromScript(request);
}
