import * as l10n from '@vscode/l10n';
import { version } from '../../../../package.json';
import { finishArtifact, manifestPath, memberPartialPath } from '../../artifacts';
import { RestorePointError } from '../../errors';
import type { FinishArtifactStep, Plan } from '../../plan';
import { explainFileError } from '../../fileFailure';
import type { Executor } from './types';

/** Checksums, sync, rename, manifest last; its result is the backup's report. */
export const finish: Executor<FinishArtifactStep> = async (step, context) => {
  const { job, notes, signal } = context;
  const draft = job.plan.artifact;
  const source = notes.source ?? draft?.source;
  if (!draft || !source)
    throw new RestorePointError({
      code: 'job.plan',
      what: l10n.t('The plan finishes a backup that it does not make.'),
      why: step.title,
      next: l10n.t('Start the job again from the database.'),
    });
  const hashes = Object.fromEntries(
    draft.members.flatMap(({ path }) => {
      const sum = notes.sums.get(memberPartialPath(draft, path));
      return sum ? [[path, sum]] : [];
    }),
  );
  try {
    const manifest = await finishArtifact(
      draft,
      {
        source,
        tool: toolOf(job.plan),
        startedAt: notes.startedAt,
        durationMs: context.elapsed(),
        hashes,
        tables: notes.tables,
        madeBy: `restore-point ${version}`,
      },
      {
        verify: step.verify,
        ...(step.rowsMayFall === undefined ? {} : { rowsMayFall: step.rowsMayFall }),
        signal,
        onProgress: (fraction) => context.progress(fraction, step.title),
      },
    );
    return {
      artifact: draft.path,
      manifest: manifestPath(draft.path),
      method: manifest.method,
      format: manifest.format,
      bytes: manifest.bytes,
      tables: manifest.tables,
      suspicions: manifest.suspicions ?? [],
    };
  } catch (error) {
    throw explainFileError(error, draft.path);
  }
};

function toolOf(plan: Plan): { name: string; version: string } {
  const step = plan.steps.find((one) => one.do === 'tool');
  return step ? { name: step.tool, version: step.build.version.text } : { name: 'restore-point', version };
}
