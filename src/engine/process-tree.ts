import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Who is whose child, since when it runs, and ending it, on Linux (/proc), macOS (ps) and Windows
 * (PowerShell, taskkill). Programs are asked through `Ask`, so that no other file starts any.
 */

/** Runs a program and gives its standard output, null when it failed. */
export type Ask = (command: string, args: string[]) => string | null;

export interface Relative {
  pid: number;
  parent: number;
  group: number;
  /** Ended, but not yet collected by its parent. */
  zombie: boolean;
}

/**
 * When a process started, as an opaque text that is compared for equality only: with the pid it names
 * one process for ever, also after the system used the pid again. Null when there is no such process.
 * The boot id is part of it on Linux, where the time counts from the boot.
 */
export function startTicks(pid: number, ask: Ask, platform = process.platform): string | null {
  if (platform === 'linux') {
    const fields = statFields(pid);
    // Field 22 of proc(5), starttime; a zombie has ended.
    if (!fields || fields[0] === 'Z') return null;
    return `${fields[19]}@${bootId()}`;
  }
  if (platform === 'win32') {
    const script = `(Get-Process -Id ${pid} -ErrorAction Stop).StartTime.ToFileTimeUtc()`;
    return ask('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script])?.trim() || null;
  }
  const answer = ask('ps', ['-o', 'state=,lstart=', '-p', String(pid)])?.trim();
  if (!answer || answer.startsWith('Z')) return null;
  return answer.replace(/^\S+\s+/, '');
}

/** All processes that can be seen; empty when the system does not tell. */
export function listProcesses(ask: Ask, platform = process.platform): Relative[] {
  if (platform === 'win32') return [];
  if (platform === 'linux') {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        const fields = statFields(Number(name));
        if (!fields) return [];
        const [state, parent, group] = fields;
        return [{ pid: Number(name), parent: Number(parent), group: Number(group), zombie: state === 'Z' }];
      });
  }
  return (ask('ps', ['-axo', 'pid=,ppid=,pgid=,state=']) ?? '').split('\n').flatMap((line) => {
    const [pid, parent, group, state] = line.trim().split(/\s+/);
    if (!pid || !state) return [];
    return [
      { pid: Number(pid), parent: Number(parent), group: Number(group), zombie: state.startsWith('Z') },
    ];
  });
}

/** The process itself, what descends from it, and what is left of its process group; parents first. */
export function treeOf(pid: number, all: Relative[]): number[] {
  const found = new Set([pid]);
  // A set grows while it is walked, so children of children are reached too.
  for (const parent of found) for (const one of all) if (one.parent === parent) found.add(one.pid);
  for (const one of all) if (one.group === pid) found.add(one.pid);
  return [...found].filter((one) => !all.some((other) => other.pid === one && other.zombie));
}

/** Sends a signal to a process and all that descends from it. On Windows every signal ends the tree at once. */
export function signalTree(pid: number, signal: NodeJS.Signals, ask: Ask): void {
  if (process.platform === 'win32') {
    ask('taskkill', ['/pid', String(pid), '/T', '/F']);
    return;
  }
  for (const one of treeOf(pid, listProcesses(ask))) send(one, signal);
}

export interface Run {
  pid: number | undefined;
  exited: Promise<void>;
}

/**
 * Interrupts a program that leads its own process group, as Ctrl+C would: pg_dump and its like cancel
 * their running query. What is left of the group or the tree after the grace is killed.
 */
export async function endTree({ pid, exited }: Run, graceMs: number, ask: Ask): Promise<void> {
  if (pid === undefined) return await exited;
  if (process.platform === 'win32') {
    signalTree(pid, 'SIGKILL', ask);
    return await exited;
  }
  const deadline = performance.now() + graceMs;
  // Remembered now: whoever loses its parent is no descendant any more.
  const members = new Map(treeOf(pid, listProcesses(ask)).map((one) => [one, startTicks(one, ask)]));
  send(-pid, 'SIGINT');
  let isGone = false;
  const gone = exited.then(() => (isGone = true));
  const left = (): number[] => {
    const now = treeOf(pid, listProcesses(ask)).filter((one) => one !== pid || !isGone);
    const before = [...members].filter(
      ([one, ticks]) => one !== pid && ticks && startTicks(one, ask) === ticks,
    );
    return [...new Set([...now, ...before.map(([one]) => one)])];
  };
  await Promise.race([gone, sleep(graceMs, undefined, { ref: false })]);
  while (performance.now() < deadline && left().length > 0) await sleep(50);
  for (const one of left()) send(one, 'SIGKILL');
  await exited;
}

/** Signals one process or, with a negative number, a group; one that is gone already is fine. */
function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch {
    // ESRCH: gone. EPERM: not ours to end.
  }
}

/** Fields of /proc/PID/stat from the third on; the second, the name, may hold blanks and parentheses. */
function statFields(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return '';
  }
}

/** Whether there is a process of this number, whoever's it is; another may have got the number since. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
