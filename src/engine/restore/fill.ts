import { fillFromArchive, restoringChoice } from './archive';
import {
  beforeStep,
  fillBySelection,
  fillNothing,
  mendStep,
  noted,
  select,
  selects,
  type Selection,
} from './pick';
import { fillFromScript } from './script';
import type { Filling, FillRequest, Restoring } from './types';

/** Options that leave something out, which a script by itself cannot do. */
const leavesOut =
  /^(?:no-(?:owner|privileges|acl|comments|tablespaces|security-labels|publications|subscriptions)|schema-only|data-only|section)$/;

/** Whether a file goes to its tool as it is: nothing is left out that the tool itself would not leave out. */
export function isTakenWhole({ request, source }: Pick<Restoring, 'request' | 'source'>): boolean {
  const { options = {} } = request;
  const ofScript =
    source.recognised.kind !== 'archive' &&
    Object.keys(options).some((name) => options[name] && leavesOut.test(name));
  return !selects(request) && !ofScript;
}

/** How one file's content gets into one database, by what the file is and what is wanted of it. */
export async function fill(request: FillRequest): Promise<Filling> {
  const { restoring, source } = request;
  const isArchive = source.recognised.kind === 'archive';
  if (isTakenWhole({ request: restoring.request, source }))
    return isArchive ? fillFromArchive(request, null) : await fillFromScript(request);
  const selection = await select(request);
  const { entries, mends } = selection;
  const ours = !isArchive || !isForPgRestore(request, selection);
  const filling =
    !entries.length && mends.length
      ? await fillNothing(request, selection)
      : ours
        ? await fillBySelection(request, selection)
        : await fillByList(request, selection);
  return mends.length ? { ...filling, steps: [...filling.steps, mendStep(request, selection)] } : filling;
}

/** pg_restore is the better one where it can: it has several jobs. Elsewhere it would not find the list. */
function isForPgRestore(request: FillRequest, { before }: Selection): boolean {
  const { pick, rename, resume, tolerant, withoutSettings } = request.restoring.request;
  if (rename || withoutSettings?.length || restoringChoice(request).build.prefix?.length) return false;
  // What is taken away before the rows has to come back if they do not come.
  if (resume) return !resume.replace && (!before.length || Boolean(tolerant));
  return !(pick && request.inPlace);
}

async function fillByList(request: FillRequest, selection: Selection): Promise<Filling> {
  const [notes, filling] = [await noted(request, selection), fillFromArchive(request, selection)];
  const before = beforeStep(request, selection);
  return {
    ...{ ...filling, ...notes },
    countable: filling.countable && selection.tables.length > 0,
    warnings: [...notes.warnings, ...filling.warnings],
    steps: [...(before ? [before] : []), ...filling.steps],
  };
}
