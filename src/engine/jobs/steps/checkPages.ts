import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import { readControlFile } from '../../pgdata/restoring';
import type { CheckPagesStep } from '../../plan';
import { startProcess } from '../../process';
import { throwIfCancelled } from '../wait';
import { throwawayOptions } from './throwawayServer';
import type { Executor } from './types';

/** Pages that are named; of more the number is told. */
const namedAtMost = 50;

/**
 * `pg_checksums --check` over a data directory that was shut down; what is wrong is a fault of the rehearsal, and the checks
 * go on. https://www.postgresql.org/docs/current/app-pgchecksums.html
 */
export const checkPages: Executor<CheckPagesStep> = async ({ folder, data, build, title }, context) => {
  const { signal, notes, log, progress } = context;
  const { checksums } = await readControlFile(data);
  const program = join(build.folder, process.platform === 'win32' ? 'pg_checksums.exe' : 'pg_checksums');
  if (!checksums || !existsSync(program)) {
    log('info', checksums ? l10n.t('pg_checksums is not here.') : l10n.t('Its pages have no checksums.'));
    return;
  }
  progress(null, title);
  const bad: string[] = [];
  let more = 0;
  const checking = await startProcess(program, ['--check', '-D', data], {
    ...(await throwawayOptions(folder)),
    signal,
    stdout: 'lines',
    onLine: (_stream, line) => {
      log('info', line, 'pg_checksums');
      const found = /checksum verification failed in file "(.+)", block (\d+)/.exec(line);
      if (!found) return;
      if (bad.length < namedAtMost) bad.push(`${found[1]!.slice(data.length + 1)}\0${found[2]}`);
      else more++;
    },
  });
  const { exitCode, stderrTail } = await checking.done;
  throwIfCancelled(signal);
  if (exitCode !== 0 && bad.length === 0)
    throw new RestorePointError({
      code: 'rehearsal.pages',
      what: l10n.t('The checksums of the pages could not be checked.'),
      why: stderrTail.trim(),
      next: l10n.t('Read the log.'),
      remedies: [{ do: 'showLog' }],
    });
  const { faults, checks } = notes.rehearsed;
  checks.push({ name: 'pg_checksums', ok: bad.length === 0 });
  for (const one of bad) {
    const [file = '', block = ''] = one.split('\0');
    faults.push({
      what: l10n.t('the checksum of block {0} is wrong', block),
      entry: file,
      offset: null,
    });
  }
  if (more)
    faults.push({ what: l10n.t('{0} more blocks have a wrong checksum', more), entry: null, offset: null });
};
