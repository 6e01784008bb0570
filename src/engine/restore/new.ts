import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import { analyzeStep, countStep } from './afterwards';
import { planCluster } from './cluster';
import { checkNewDatabase } from './createDatabase';
import { fill, isTakenWhole } from './fill';
import { intoNew } from './intoNew';
import { ownDatabase } from './script';
import { planSet } from './set';
import type { FillRequest, PlanParts, Restoring, RestoreStrategy } from './types';

/** Into a database made for it; nothing that exists is touched, and a failure takes the new one away again. */
export const newDatabase: RestoreStrategy = {
  name: 'new',
  async plan(restoring) {
    const { source, request } = restoring;
    if (source.recognised.kind === 'clusterScript') return await planCluster(restoring);
    if (source.recognised.kind === 'set') return await planSet(restoring);
    const database = request.database!;
    // What is chosen from such a script goes into any database; the script itself goes where it says.
    const isOwn = source.recognised.kind === 'script' && isTakenWhole(restoring);
    const own = isOwn ? ownDatabase(source.contents!) : null;
    const parts =
      own === null
        ? await intoNew(restoring, {
            source: source as FillRequest['source'],
            database,
            firstStep: 0,
            own: Boolean(request.options?.create),
          })
        : await intoItsOwn(restoring, own);
    return { ...parts, database };
  },
};

/** A script made with `--create` makes its database and goes there by itself. */
async function intoItsOwn(restoring: Restoring, own: string): Promise<Omit<PlanParts, 'database'>> {
  const { target, source, request } = restoring;
  if (request.database !== own)
    throw new RestorePointError({
      code: 'script.otherDatabase',
      what: l10n.t('The script goes into the database {0}, not into {1}.', own, request.database!),
      why: l10n.t('It was made with --create: it makes that database and connects to it by itself.'),
      next: l10n.t(
        'Restore it under the name {0}, or make the backup without --create or in the custom format.',
        own,
      ),
      remedies: [{ do: 'chooseDatabase', with: { database: own } }],
    });
  checkNewDatabase(own, target);
  const filling = await fill({
    restoring,
    source: source as FillRequest['source'],
    database: target.maintenance,
    inPlace: false,
  });
  return {
    steps: [...filling.steps, analyzeStep(own, source.bytes), countStep(own, source.path, source.bytes)],
    // It makes its database in the middle of its run: whether it is ours to drop cannot be told.
    onFailure: [],
    destroys: [],
    wayBack: l10n.t('Drop the database {0}; nothing else is touched.', own),
    warnings: [
      {
        code: 'script.where',
        text: l10n.t(
          'The script starts on {0}, makes the database {1} and goes there by itself. After a failure {1} stays as far as it came; drop it by hand.',
          target.maintenance,
          own,
        ),
      },
      ...filling.warnings,
    ],
    entries: filling.entries,
  };
}
