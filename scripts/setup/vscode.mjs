import { cp } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { say } from '../lib/say.mjs';
import { runOrThrow } from '../lib/run.mjs';
import { developerCache, fillOnce } from './cache.mjs';
import { requirePackages } from './debian.mjs';
import { ensureNodeHome } from './node.mjs';

/**
 * A real VS Code (workbench and extension host) from npm packages alone, see test/host/vscode/package.json.
 * Its install script compiles native modules: some minutes, once.
 * @returns path of the server's main script
 */
export async function ensureVsCode(root) {
  const folder = join(developerCache(), 'code-server');
  const main = join(folder, 'node_modules/code-server/lib/vscode/out/server-main.js');
  if (existsSync(main)) return main;
  await requirePackages(['libkrb5-dev', 'python3', 'make', 'g++']);
  const nodedir = await ensureNodeHome();
  await fillOnce(folder, async (temporary) => {
    say('setup: VS Code, from npm’s package code-server (compiles for some minutes, once)');
    await cp(join(root, 'test/host/vscode/package.json'), join(temporary, 'package.json'));
    await runOrThrow('npm', ['install', '--no-audit', '--no-fund'], {
      cwd: temporary,
      env: {
        ...process.env,
        // The install script reads Node's version here, and npm hands on that of the Node it was called with.
        npm_config_user_agent: undefined,
        npm_config_nodedir: nodedir,
        PATH: `${join(nodedir, 'bin')}${delimiter}${process.env.PATH}`,
      },
      timeoutMs: 30 * 60_000,
    });
  });
  return main;
}
