import { fillFromArchive, restoringChoice } from './archive';
import { fillBySelection, noted, select, selects } from './pick';
import { fillFromScript } from './script';
import type { Filling, FillRequest } from './types';

/** Options that leave something out, which a script by itself cannot do. */
const leavesOut =
  /^(?:no-(?:owner|privileges|acl|comments|tablespaces|security-labels|publications|subscriptions)|schema-only|data-only|section)$/;

/** How one file's content gets into one database, by what the file is and what is wanted of it. */
export async function fill(request: FillRequest): Promise<Filling> {
  const { restoring, source, inPlace } = request;
  const { pick, rename, options = {} } = restoring.request;
  const isArchive = source.recognised.kind === 'archive';
  const ofScript = !isArchive && Object.keys(options).some((name) => options[name] && leavesOut.test(name));
  if (!selects(restoring.request) && !ofScript)
    return isArchive ? fillFromArchive(request, null) : await fillFromScript(request);
  const selection = await select(request);
  // pg_restore is the better one where it can: it has several jobs. Elsewhere it would not find the list.
  if (!isArchive || rename || (pick && inPlace) || restoringChoice(request).build.prefix?.length)
    return await fillBySelection(request, selection);
  const [notes, filling] = [await noted(request, selection), fillFromArchive(request, selection)];
  return { ...filling, ...notes, warnings: [...notes.warnings, ...filling.warnings] };
}
