import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { developerCache } from './cache';
import { freePort } from './postgres';

const run = promisify(execFile);

/** A VS Code server of our own; its window is a page in a browser. */
export interface VsCode {
  port: number;
  /** Address of a window on a folder; `payload` is the workbench's, see `developmentPayload`. */
  url(folder: string, payload?: [string, string][]): string;
  /** What the server has printed so far, its end. */
  log(): string;
  stop(): Promise<void>;
}

export interface VsCodeOptions {
  /** Empty or prepared folder: `data` (settings, logs) and `extensions` are made below it. */
  home: string;
  /** User settings beside those that keep the window quiet. */
  settings?: Record<string, unknown>;
  env?: NodeJS.ProcessEnv;
  /** Honour a development payload in the address: extension and tests from folders. */
  development?: boolean;
  /** A quiet loopback port is chosen when absent. */
  port?: number;
  /** Who does not have it in the address is turned away. Absent: everybody on this machine may enter. */
  token?: string;
}

/** Nothing opens, asks or calls home by itself. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'update.mode': 'none',
};

/** The server's main script in the developer cache; `npm test` installs it. */
export function vsCodeMain(): string {
  const path = join(developerCache(), 'code-server/node_modules/code-server/lib/vscode/out/server-main.js');
  if (!existsSync(path)) throw new Error('VS Code for the tests is not installed; npm test installs it.');
  return path;
}

function folders(home: string): string[] {
  return [
    '--server-data-dir',
    join(home, 'data'),
    '--extensions-dir',
    join(home, 'extensions'),
    '--accept-server-license-terms',
  ];
}

/** Installs a packaged extension as a user would. */
export async function installVsix(home: string, vsix: string): Promise<void> {
  await run(process.execPath, [vsCodeMain(), '--install-extension', vsix, ...folders(home)], {
    timeout: 120_000,
  });
}

/** Writes the user's settings (the quiet ones and further ones); read at the start only. */
async function writeSettings(home: string, settings: Record<string, unknown> = {}): Promise<void> {
  const folder = join(home, 'data', 'data', 'User');
  await mkdir(folder, { recursive: true });
  const all = { ...quietSettings, ...settings };
  await writeFile(join(folder, 'settings.json'), JSON.stringify(all, undefined, 2));
  await mkdir(join(home, 'data', 'data', 'Machine'), { recursive: true });
}

export async function startVsCode(options: VsCodeOptions): Promise<VsCode> {
  const { home, settings, env = process.env, development = false, token } = options;
  const port = options.port ?? (await freePort());
  await writeSettings(home, settings);
  const args = [
    vsCodeMain(),
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    ...(token ? ['--connection-token', token] : ['--without-connection-token']),
    '--telemetry-level',
    'off',
    ...(development ? ['--enable-smoke-test-driver'] : []),
    ...folders(home),
  ];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-50_000)));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const killGroup = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid) process.kill(-child.pid, signal);
    } catch {
      // Gone already.
    }
  };
  const killAtExit = (): void => killGroup('SIGKILL');
  process.once('exit', killAtExit);
  const base = `http://127.0.0.1:${port}`;
  for (let attempt = 0; !(await answers(`${base}/version`)); attempt++) {
    if (attempt > 600 || child.exitCode !== null) throw new Error(`VS Code did not start:\n${log}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    port,
    url(folder, payload) {
      const query = new URLSearchParams({ folder, ...(token ? { tkn: token } : {}) });
      if (payload) query.set('payload', JSON.stringify(payload));
      // The workbench wants %20, not +, in its payload.
      return `${base}/?${query.toString().replaceAll('+', '%20')}`;
    },
    log: () => log,
    async stop() {
      process.removeListener('exit', killAtExit);
      killGroup('SIGTERM');
      const timer = setTimeout(() => killGroup('SIGKILL'), 5000);
      await exited;
      clearTimeout(timer);
      killGroup('SIGKILL');
    },
  };
}

async function answers(url: string): Promise<boolean> {
  return await fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

/** Loads the extension from its folder and, with `tests`, runs that module's `run()` in the extension host. */
export function developmentPayload(port: number, extension: string, tests?: string): [string, string][] {
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${port}${path}`;
  return [
    ['extensionDevelopmentPath', remote(extension)],
    ...(tests ? ([['extensionTestsPath', remote(tests)]] as [string, string][]) : []),
  ];
}
