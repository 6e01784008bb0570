import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { startBrowser } from '../support/browser';
import { startCluster, type Cluster } from '../support/postgres';
import { installVsix, startVsCode } from '../support/vscode';
import { openWindow, themes, type Window } from './window';

export interface DeskOptions {
  /** User settings of this desk. */
  settings?: Record<string, unknown>;
  /** Files of the workspace: relative path → content. */
  files?: Record<string, string>;
  /** Major of the PostgreSQL server on it; none when absent. */
  postgres?: number;
  /** Databases the sample is loaded into. */
  sample?: string[];
}

/**
 * What a person sits down at: the packaged extension installed into a fresh VS Code, a fresh workspace, a
 * PostgreSQL server with the sample, and one window open.
 */
export interface Desk {
  window: Window;
  /** Absolute path of the open folder. */
  workspace: string;
  /** `RESTORE_POINT_HOME` of the extension. */
  home: string;
  /** Throws when the desk was asked for without one. */
  readonly server: Cluster;
  leave(): Promise<void>;
}

/** Desks someone still sits at, for the picture of a failure. */
const taken = new Set<Desk>();

afterEach('picture of what failed', async function () {
  if (this.currentTest?.state !== 'failed') return;
  const name = this.currentTest.fullTitle().replace(/[^\p{L}\p{N}]+/gu, '-');
  for (const { window } of taken)
    await window.page
      .screenshot({ path: join('test-results/failures', `${name}.png`) })
      .catch(() => undefined);
});

/** For a suite whose tests go on from one another: after a failure the rest is skipped. */
export function oneStory(): void {
  let broken = false;
  beforeEach(function () {
    if (broken) this.skip();
  });
  afterEach(function () {
    broken ||= this.currentTest?.state === 'failed';
  });
}

export async function sitDown(options: DeskOptions = {}): Promise<Desk> {
  const vsix = process.env.RESTORE_POINT_VSIX;
  if (!vsix) throw new Error('RESTORE_POINT_VSIX names no package; run `npm test -- ui`.');
  const folder = await mkdtemp(join(tmpdir(), 'rp-ui-'));
  const cleanUp: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const leave = async (): Promise<void> => {
    for (const one of cleanUp.splice(0)) await one();
  };
  try {
    const workspace = join(folder, 'shop');
    await mkdir(workspace);
    for (const [path, content] of Object.entries(options.files ?? {})) {
      await mkdir(dirname(join(workspace, path)), { recursive: true });
      await writeFile(join(workspace, path), content);
    }
    const home = join(folder, 'home');
    const own = join(folder, 'vscode');
    const server = options.postgres ? await startCluster(options.postgres) : undefined;
    if (server) cleanUp.unshift(() => server.stop());
    for (const database of options.sample ?? []) {
      await server?.sql(`create database "${database.replaceAll('"', '""')}"`);
      await server?.load(resolve('scripts/sample/shop.sql'), database);
    }
    await installVsix(own, vsix);
    const settings = { 'workbench.colorTheme': themes.dark.setting, ...options.settings };
    const env = { ...process.env, RESTORE_POINT_HOME: home };
    const vscode = await startVsCode({ home: own, settings, env });
    cleanUp.unshift(() => vscode.stop());
    const browser = await startBrowser();
    cleanUp.unshift(() => browser.close());
    const window = await openWindow(browser, vscode.url(workspace), workspace);
    const desk: Desk = {
      window,
      workspace,
      home,
      leave,
      get server() {
        if (!server) throw new Error('This desk has no PostgreSQL; ask for `postgres`.');
        return server;
      },
    };
    taken.add(desk);
    cleanUp.push(() => Promise.resolve(taken.delete(desk)));
    return desk;
  } catch (error) {
    await leave();
    throw error;
  }
}
