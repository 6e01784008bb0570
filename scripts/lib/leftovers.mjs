import { readFile, readdir } from 'node:fs/promises';
import { say } from './say.mjs';

/**
 * Ends every process that carries a test run's mark in its environment, wherever it moved itself to
 * (jobs detach on purpose), and names it: a test that leaves something behind wants mending.
 */
export async function endLeftovers(mark) {
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (!environment.split('\0').includes(`RESTORE_POINT_TEST_RUN=${mark}`)) continue;
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''))
      .replaceAll('\0', ' ')
      .trim();
    if (!command) continue;
    say(`left over, ended: ${pid} ${command.slice(0, 150)}`);
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has just ended by itself.
    }
  }
}
