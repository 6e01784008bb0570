import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { startProcess } from '../process';
import { cleanEnvironment } from './environment';
import type { ClientBuild, Compression, ToolName } from './types';
import { parseVersion } from './versions';

/** What a folder's programs said about themselves. */
export type Probed = Pick<ClientBuild, 'version' | 'tools' | 'compression'>;

export const toolNames: ToolName[] = [
  'pg_dump',
  'pg_dumpall',
  'pg_restore',
  'psql',
  'pg_basebackup',
  'pg_combinebackup',
  'pg_verifybackup',
  'pg_receivewal',
  'pg_waldump',
  'pg_ctl',
];

/** A folder without one of these is no client build: a server package may put pg_ctl alone somewhere. */
const essential: ToolName[] = ['pg_dump', 'pg_restore', 'psql'];

const probeTimeoutMs = 15_000;

/**
 * What `pg_dump --compress=SPEC` is asked with: it checks the method before it connects, and the
 * connection it would make goes nowhere (no such socket folder).
 */
export const compressionProbe = (spec: string): string[] => [
  `--compress=${spec}`,
  '--format=custom',
  '--dbname=host=/nonexistent port=1',
];

/** What to ask for each method; before 16 there is only the level of gzip. */
export function compressionSpecs(major: number): [Compression, string][] {
  return major < 16
    ? [['gzip', '1']]
    : [
        ['gzip', 'gzip:1'],
        ['lz4', 'lz4:1'],
        ['zstd', 'zstd:1'],
      ];
}

/**
 * Whether pg_dump accepted the method, from its standard error. It ends in failure either way: with
 * the method (16+: `this build does not support compression with zstd`; 15 without zlib only warns
 * `requested compression not available in this installation`), or later when it tried to connect.
 */
export function acceptsCompression(stderr: string): boolean {
  return /connection to|could not connect|could not translate/.test(stderr) && !/compression/i.test(stderr);
}

/** Where a candidate folder's programs really are; null when there are none. */
export async function locate(
  folder: string,
  platform: NodeJS.Platform,
): Promise<{ key: string; isWrapper: boolean; folder: string; program: string } | null> {
  for (const tool of essential) {
    const path = programPath(folder, tool, platform);
    const real = await realpath(path).catch(() => null);
    if (!real || !(await isRunnable(real))) continue;
    const isWrapper = basename(real) === 'pg_wrapper';
    return { key: isWrapper ? real : dirname(real), isWrapper, folder: dirname(real), program: path };
  }
  return null;
}

export function programPath(folder: string, tool: ToolName, platform: NodeJS.Platform): string {
  const name = platform === 'win32' ? `${tool}.exe` : tool;
  return folder ? join(folder, name) : name;
}

const cache = new Map<string, Promise<Probed>>();

/**
 * Asks the programs of a folder for version and compression; throws with their words when they do not
 * run. Remembered until the program's file changes.
 */
export async function probe(
  folder: string,
  platform: NodeJS.Platform,
  signal?: AbortSignal,
): Promise<Probed> {
  const tools: ToolName[] = [];
  for (const tool of toolNames) if (await isRunnable(programPath(folder, tool, platform))) tools.push(tool);
  const first = essential.find((tool) => tools.includes(tool));
  if (!first) throw new Error(`${folder} has no PostgreSQL programs.`);
  const program = programPath(folder, first, platform);
  const facts = await stat(program);
  const key = JSON.stringify([program, facts.mtimeMs, facts.size, tools]);
  let answer = cache.get(key);
  if (!answer) {
    answer = ask(folder, tools, first, platform, signal);
    cache.set(key, answer);
    // A failure may pass (an aborted probe, a library installed since): ask again next time.
    answer.catch(() => cache.delete(key));
  }
  return await answer;
}

async function ask(
  folder: string,
  tools: ToolName[],
  first: ToolName,
  platform: NodeJS.Platform,
  signal?: AbortSignal,
): Promise<Probed> {
  const said = await run(programPath(folder, first, platform), ['--version'], signal);
  const version = parseVersion(said.stdout);
  if (!version) throw new Error(said.stderr || said.stdout || `${first} --version: ${said.exitCode}`);
  const compression: Compression[] = ['none'];
  if (tools.includes('pg_dump')) {
    const pgDump = programPath(folder, 'pg_dump', platform);
    const answers = await Promise.all(
      compressionSpecs(version.major).map(async ([method, spec]) => {
        const { stderr } = await run(pgDump, compressionProbe(spec), signal);
        return acceptsCompression(stderr) ? [method] : [];
      }),
    );
    compression.push(...answers.flat());
  }
  return { version, tools, compression };
}

/** Runs a program that answers soon; its output is small. */
export async function run(
  program: string,
  args: string[],
  signal?: AbortSignal,
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const timeout = AbortSignal.timeout(probeTimeoutMs);
  const lines: string[] = [];
  const { done } = await startProcess(program, args, {
    env: cleanEnvironment(),
    stdout: 'lines',
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    onLine: (stream, line) => stream === 'stdout' && lines.push(line),
    graceMs: 1_000,
  });
  const { exitCode, stderrTail } = await done;
  signal?.throwIfAborted();
  return { exitCode, stdout: lines.join('\n'), stderr: stderrTail };
}

async function isRunnable(path: string): Promise<boolean> {
  const facts = await stat(path).catch(() => null);
  if (!facts?.isFile()) return false;
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
