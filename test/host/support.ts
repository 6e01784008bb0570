import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { Connection } from '../../src/engine/connections/types';
import type { TestApi } from '../../src/extension/extension';
import type { CommandId } from '../../src/extension/ids';
import type { TreeNode } from '../../src/extension/trees';

/** What the runner tells: real servers, newest last, and where the engine keeps its state. */
export interface Ground {
  servers: { major: number; bin: string; uri: string }[];
  /** Where the newest server archives its WAL. */
  archive: string;
  home: string;
  workspace: string;
}

export function ground(): Ground {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  if (!workspace) throw new Error('The runner opens a folder.');
  const text = readFileSync(join(workspace, '.restore-point-test.json'), 'utf8');
  return { ...(JSON.parse(text) as Omit<Ground, 'workspace'>), workspace };
}

/** The activated extension's inside, which only tests get. */
export async function inside(): Promise<TestApi> {
  const extension = vscode.extensions.getExtension<TestApi>('restore-point.restore-point');
  const api = await extension?.activate();
  if (!api) throw new Error('The extension gives tests its inside.');
  return api;
}

/** Commands executed by any test file: each file is a bundle of its own, so it is kept globally. */
export function executed(): Set<string> {
  const place = globalThis as { restorePointExecuted?: Set<string> };
  return (place.restorePointExecuted ??= new Set());
}

/** Runs a command as the editor does; rejects when it fails. */
export async function run<T = unknown>(id: CommandId, ...args: unknown[]): Promise<T> {
  executed().add(id);
  return await vscode.commands.executeCommand<T>(id, ...args);
}

/** Waits for a condition; a slow machine only waits longer. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 40_000,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (performance.now() > end) throw new Error(`Waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Label of a row as it is drawn. */
export function label(node: TreeNode): string {
  const { label } = node.item();
  return typeof label === 'string' ? label : (label?.label ?? '');
}

export function description(node: TreeNode): string {
  return String(node.item().description ?? '');
}

interface Rows {
  getChildren(node?: TreeNode): Promise<TreeNode[]>;
}

/** Walks down a tree by labels; fails with what is there instead. */
export async function row(tree: Rows, ...labels: string[]): Promise<TreeNode> {
  let node: TreeNode | undefined;
  for (const wanted of labels) {
    const children = await tree.getChildren(node);
    const found = children.find((child) => label(child) === wanted);
    if (!found) throw new Error(`No row ${wanted}; there are: ${children.map(label).join(', ')}`);
    node = found;
  }
  if (!node) throw new Error('No labels.');
  return node;
}

const execute = promisify(execFile);

/** Runs SQL by the first server's own psql; returns unaligned tuples. */
export async function sql(text: string, database = 'postgres'): Promise<string> {
  return await sqlOn(ground().servers[0], text, database);
}

/** The same on another server. */
export async function sqlOn(
  server: Ground['servers'][number] | undefined,
  text: string,
  database = 'postgres',
): Promise<string> {
  if (!server) throw new Error('The runner starts servers.');
  const uri = new URL(server.uri);
  uri.pathname = `/${encodeURIComponent(database)}`;
  const { stdout } = await execute(join(server.bin, 'psql'), [
    '-XAtq',
    '-v',
    'ON_ERROR_STOP=1',
    '-c',
    text,
    uri.href,
  ]);
  return stdout.trim();
}

/** Dumps a database by the first server's own pg_dump, as a stranger would. */
export async function strangersDump(database: string, path: string, ...args: string[]): Promise<void> {
  const [server] = ground().servers;
  if (!server) throw new Error('The runner starts servers.');
  const uri = new URL(server.uri);
  uri.pathname = `/${encodeURIComponent(database)}`;
  await execute(join(server.bin, 'pg_dump'), ['-f', path, ...args, '-d', uri.href]);
}

/** The connection named `main` to the first server, added when no test has yet. */
export async function mainConnection({ ask, services }: TestApi): Promise<Connection> {
  const present = await services.connections.get('main');
  if (present) return present;
  ask.answer('connection.keepPassword', true);
  return await run<Connection>('restorePoint.addConnection', {
    text: ground().servers[0]?.uri,
    name: 'main',
  });
}
