import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { Stop, say } from '../lib/say.mjs';
import { runOrThrow } from '../lib/run.mjs';
import { developerCache, fillOnce } from './cache.mjs';

const major = 24;

/** Folder of the developers' Node: `bin/node` and `include/` are in it. */
function nodeHome() {
  return join(developerCache(), `node-${major}`, 'node_modules', packageName());
}

function packageName() {
  return `node-${process.platform}-${process.arch}`;
}

/**
 * Folder with `include/` for native builds: the cache's Node, which is fetched for that even when the
 * running Node is of the right major.
 */
export async function ensureNodeHome() {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch))
    throw new Stop('The developers’ scripts need Linux on x64 or arm64.');
  await fillOnce(join(developerCache(), `node-${major}`), async (folder) => {
    say(`setup: Node ${major}, from npm’s package ${packageName()}`);
    await writeFile(join(folder, 'package.json'), '{"private":true}\n');
    await runOrThrow('npm', ['install', '--no-audit', '--no-fund', `${packageName()}@${major}`], {
      cwd: folder,
    });
  });
  return nodeHome();
}

/**
 * The tools we build and test with want Node 24; the first Node may be 20. Runs this very script again
 * under Node 24 and never returns, unless it runs under it already. Its programs come first on PATH.
 */
export async function underNode24() {
  process.env.RESTORE_POINT_DEV_CACHE = developerCache();
  if (Number(process.versions.node.split('.')[0]) === major) {
    const bin = join(nodeHome(), 'bin');
    if (existsSync(bin) && !process.env.PATH?.split(delimiter).includes(bin))
      process.env.PATH = `${bin}${delimiter}${process.env.PATH}`;
    return;
  }
  const bin = join(await ensureNodeHome(), 'bin');
  const child = spawn(join(bin, 'node'), process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve([code, signal]));
  });
  process.exit(code ?? (signal ? 1 : 0));
}
