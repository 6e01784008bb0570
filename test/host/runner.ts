import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Archiving } from '../support/archiving';
import { startBrowser } from '../support/browser';
import { startCluster } from '../support/postgres';
import { developmentPayload, startVsCode } from '../support/vscode';

/** What a launcher needs to know of the ground. */
interface Ground {
  root: string;
  folder: string;
  workspace: string;
  env: NodeJS.ProcessEnv;
  /** Done at the end, the last added first. */
  atEnd(ending: () => Promise<unknown>): void;
}

/**
 * Runs the host tests inside a real VS Code, beside real PostgreSQL. With a path as argument in that desktop
 * VS Code, else in the server's, whose window a browser shows. Exit code 0 when `run()` of index.ts was content.
 */
async function main(): Promise<number> {
  const root = resolve(__dirname, '../../..');
  const folder = await mkdtemp(join(tmpdir(), 'rp-host-'));
  const endings: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const atEnd = (ending: () => Promise<unknown>): void => void endings.unshift(ending);
  try {
    const first = await startCluster(15);
    atEnd(() => first.stop());
    const archiving = await Archiving.start(17);
    atEnd(() => archiving.cluster.stop());
    const workspace = join(folder, 'workspace');
    const home = join(folder, 'home');
    await mkdir(workspace);
    await writeFile(
      join(workspace, '.restore-point-test.json'),
      JSON.stringify({
        servers: [first, archiving.cluster].map(({ major, bin, uri }) => ({ major, bin, uri: uri() })),
        archive: archiving.archive,
        home,
      }),
    );
    const shown = showResults();
    atEnd(() => shown.stop());
    const ground = { root, folder, workspace, env: { ...process.env, RESTORE_POINT_HOME: home }, atEnd };
    const [desktop] = process.argv.slice(2);
    return await (desktop ? inDesktop(desktop, ground) : inBrowser(ground));
  } finally {
    for (const ending of endings) await ending();
  }
}

async function inDesktop(code: string, { root, folder, workspace, env }: Ground): Promise<number> {
  const { runTests } = await import('@vscode/test-electron');
  return await runTests({
    vscodeExecutablePath: code,
    extensionDevelopmentPath: root,
    extensionTestsPath: join(root, 'dist/test/host/index.js'),
    extensionTestsEnv: env,
    launchArgs: [
      workspace,
      '--disable-workspace-trust',
      `--user-data-dir=${join(folder, 'user')}`,
      `--extensions-dir=${join(folder, 'extensions')}`,
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
}

async function inBrowser({ root, folder, workspace, env, atEnd }: Ground): Promise<number> {
  const vscode = await startVsCode({ home: join(folder, 'vscode'), development: true, env });
  atEnd(() => vscode.stop());
  const browser = await startBrowser();
  atEnd(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const exit = new Promise<number>((done) => {
    void page.exposeFunction('codeAutomationExit', (code: number) => done(code));
    page.once('crash', () => done(1));
    page.once('close', () => done(1));
  });
  await page.exposeFunction('codeAutomationLog', (level: string, args: unknown[]) => {
    const text = args.map(String).join(' ');
    // Marketplaces and service workers are out of reach here, rightly.
    if (level === 'error' && !/ENOTFOUND|EAI_AGAIN|Service Worker/.test(text))
      process.stderr.write(`[window] ${text.slice(0, 2000)}\n`);
  });
  const payload = developmentPayload(vscode.port, root, join(root, 'dist/test/host/index.js'));
  await page.goto(vscode.url(workspace, payload));
  const code = await exit;
  if (code !== 0) {
    await page.screenshot({ path: join(root, 'test-results/host.png') }).catch(() => undefined);
    await cp(join(folder, 'vscode/data/data/logs'), join(root, 'test-results/host-logs'), {
      recursive: true,
    }).catch(() => undefined);
  }
  return code;
}

/** Shows results as they come: what the extension host prints does not reach our terminal. */
function showResults(): { stop(): Promise<void> } {
  const path = process.env.RESTORE_POINT_RESULTS;
  let seen = 0;
  const show = async (): Promise<void> => {
    const lines = path ? (await readFile(path, 'utf8').catch(() => '')).split('\n').slice(0, -1) : [];
    for (const line of lines.slice(seen)) {
      const { type, state, title, error } = JSON.parse(line) as Record<string, string>;
      if (type !== 'result') continue;
      const sign = { passed: '✔', failed: '✘', skipped: '-' }[state ?? ''];
      process.stdout.write(`  ${sign} ${title}\n${error ? `${error}\n` : ''}`);
    }
    seen = lines.length;
  };
  const timer = setInterval(() => void show(), 500);
  return {
    async stop() {
      clearInterval(timer);
      await show();
    },
  };
}

void main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
