import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** Debian's Chromium, without a window; `RESTORE_POINT_CHROMIUM` names another. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = [process.env.RESTORE_POINT_CHROMIUM, '/usr/bin/chromium'].find(
    (path) => path && existsSync(path),
  );
  if (!executablePath) throw new Error('Chromium is not installed; npm test installs it (Debian: chromium).');
  return await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
    ],
  });
}
