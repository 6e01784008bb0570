import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureVsCode } from '../setup/vscode.mjs';
import { packageExtension } from './package.mjs';
import { atEnd, run } from './run.mjs';
import { say } from './say.mjs';

/**
 * Opens the stage in VS Code: the desktop's where there is one, else in the browser. Returns when the
 * window is closed, or never (Ctrl-C ends us).
 * @param vscode test/support/vscode.ts, compiled
 */
export async function openEditor(stage, vscode, port) {
  await saveConnection(stage);
  say('making a first backup');
  await stage.cli('backup', '--connection', 'shop', '--database', stage.database, '--to', stage.backups);
  const desktop = desktopCode();
  await (desktop ? openDesktop(desktop, stage) : openBrowser(stage, vscode, port));
}

/** A profile as a person would add it; it finds its password in the password file. */
async function saveConnection({ root, env, server, database, passFile }) {
  const engine = pathToFileURL(join(root, 'dist/engine/engine.mjs')).href;
  const code = `
    import(${JSON.stringify(engine)})
      .then(({ ConnectionStore }) => new ConnectionStore().save(JSON.parse(process.argv[1])))
      .catch((error) => { console.error(error); process.exit(1); });`;
  const connection = {
    id: 'shop',
    name: 'shop',
    role: 'local',
    settings: { hosts: [{ host: '127.0.0.1', port: server.port }], user: 'postgres', database, passFile },
  };
  await run(process.execPath, ['-e', code, JSON.stringify(connection)], { env });
}

/** The desktop's `code`, when there is a desktop and we are not inside an editor's remote terminal. */
function desktopCode() {
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return undefined;
  if (process.env.VSCODE_IPC_HOOK_CLI) return undefined;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'code')).find((path) => existsSync(path));
}

async function openDesktop(code, { root, folder, workspace, env }) {
  say(`opening VS Code (${code}); closing its window ends everything`);
  const own = join(folder, 'code');
  await mkdir(join(own, 'User'), { recursive: true });
  await writeFile(join(own, 'User/settings.json'), '{"security.workspace.trust.enabled": false}\n');
  await run(
    code,
    [
      '--new-window',
      '--wait',
      `--user-data-dir=${own}`,
      `--extensions-dir=${join(folder, 'code-extensions')}`,
      `--extensionDevelopmentPath=${root}`,
      workspace,
    ],
    { env },
  );
}

async function openBrowser({ root, folder, workspace, env }, vscode, port) {
  await ensureVsCode(root);
  const home = join(folder, 'vscode');
  say('packaging and installing the extension');
  await vscode.installVsix(home, await packageExtension(root));
  const server = await vscode.startVsCode({ home, env, port, token: randomBytes(16).toString('hex') });
  atEnd(() => server.stop());
  process.stdout.write(`\nVS Code is at  ${server.url(workspace)}\n`);
  process.stdout.write('The Restore Point icon is in the bar at the left. Ctrl-C ends everything.\n');
  await new Promise(() => setInterval(() => undefined, 1 << 30));
}
