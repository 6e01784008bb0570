import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isSameProcess, processStartTicks } from '../process';

/**
 * Who a running process is, so that its death is recognised without a clock: a process id is reused,
 * but not with the same start ticks in the same boot.
 */
export interface Owner {
  pid: number;
  /** As `processStartTicks` says it. */
  startedAtTicks: string | null;
  /** Changes with every boot; null where the system has none. */
  bootId: string | null;
  /** Process ids mean something only inside their namespace (containers sharing one home). */
  pidSpace: string | null;
  host: string;
}

export type Liveness = 'alive' | 'dead' | 'unknown';

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim() || null;
  } catch {
    return null;
  }
}

function pidSpace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return null;
  }
}

/** The facts of this process. */
export function ownOwner(): Owner {
  return {
    pid: process.pid,
    startedAtTicks: processStartTicks(process.pid),
    bootId: read('/proc/sys/kernel/random/boot_id'),
    pidSpace: pidSpace(),
    host: hostname(),
  };
}

/**
 * Whether that process still runs. `unknown` when it cannot be seen from here (another container or
 * another machine on a shared home): treated as alive by those who would take something from it.
 */
export function liveness(owner: Owner, self: Owner = ownOwner()): Liveness {
  if (owner.bootId !== self.bootId) return owner.host === self.host ? 'dead' : 'unknown';
  if (owner.pidSpace !== self.pidSpace) return 'unknown';
  if (owner.bootId === null && owner.host !== self.host) return 'unknown';
  return isSameProcess(owner.pid, owner.startedAtTicks) ? 'alive' : 'dead';
}

/** Reads an owner's facts back from a file's text; null when it is not whole. */
export function parseOwner(text: string): Owner | null {
  try {
    const owner = JSON.parse(text) as Owner;
    return Number.isInteger(owner.pid) && typeof owner.host === 'string' ? owner : null;
  } catch {
    return null;
  }
}
