import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { files } from './folder';
import { endUntaken } from './take';
import { until } from './wait';

/**
 * Asks a job's runner to stop; returns at once. The job ends as `cancelled` when everything is cleared
 * away; one that no runner took ends here.
 */
export async function cancelJob(folder: string): Promise<void> {
  await writeFile(join(folder, files.cancel), '', { mode: 0o600 });
  await endUntaken(folder, [{ type: 'state', state: 'cancelled' }]);
}

export async function isCancelAsked(folder: string): Promise<boolean> {
  return await access(join(folder, files.cancel)).then(
    () => true,
    () => false,
  );
}

/** Calls back once when the job's `cancel` file appears. */
export function watchCancel(folder: string, onCancel: () => void): { dispose(): void } {
  const stop = new AbortController();
  void (async () => {
    while (!stop.signal.aborted) {
      if (await isCancelAsked(folder)) {
        if (!stop.signal.aborted) onCancel();
        return;
      }
      await until(500, stop.signal, folder);
    }
  })();
  return { dispose: () => stop.abort() };
}
