import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfCancelled, until } from './wait';
import type { LockTarget } from '../plan';
import { liveness, ownOwner, parseOwner, type Liveness, type Owner } from './owner';

/**
 * Locks and slots in one: every job that wants to run puts a numbered claim into the locks folder and
 * runs when no claim before its own is for the same database and a slot is free.
 *
 * Lamport's bakery with files. Each file is made and removed by its own job only (or by whoever finds
 * that job dead, under a name never used again), so a stale lock needs no takeover, and the race
 * between two who take over the same stale lock does not exist. Claims are served in order.
 *
 * `ID.choosing` exists while a number is drawn, `NUMBER.ID.claim` holds who and what, `ID.started`
 * marks a job that has its slot.
 */
export interface Claim {
  number: number;
  job: string;
  /** The job's folder. */
  folder: string;
  owner: Owner;
  targets: LockTarget[];
  /** It takes no slot. */
  unending?: true;
  started: boolean;
}

interface ClaimFile {
  owner: Owner;
  folder: string;
  targets: LockTarget[];
  unending?: true;
}

export interface ClaimRequest {
  /** The locks folder. */
  locks: string;
  job: string;
  folder: string;
  targets: LockTarget[];
  /** It runs until it is cancelled: it waits for its locks, and for no slot. */
  unending?: true;
  /** How many jobs run at a time. */
  slots: number;
  signal: AbortSignal;
  /** Called, at most once per look, with the claim waited for: a lock's holder, or null for a free slot. */
  onWait(holder: Claim | null): Promise<void> | void;
  /** Ends what a dead job left running, before its claim is dropped. */
  onDead(claim: Claim): Promise<void>;
}

/** Whether two jobs may not run at the same time; `*` is every database of its server. */
export function conflicts(a: LockTarget[], b: LockTarget[]): boolean {
  return a.some((x) =>
    b.some(
      (y) => x.server === y.server && (x.database === y.database || x.database === '*' || y.database === '*'),
    ),
  );
}

/** Waits for its turn; the result gives it back. Throws CancelledError when cancelled while waiting. */
export async function claim(request: ClaimRequest): Promise<() => Promise<void>> {
  const { locks, job, signal } = request;
  await mkdir(locks, { recursive: true, mode: 0o700 });
  const release = async (): Promise<void> => dropClaim(locks, job);
  try {
    const number = await draw(request);
    for (;;) {
      throwIfCancelled(signal);
      const waitsFor = await look(request, number);
      if (waitsFor === undefined) break;
      await request.onWait(waitsFor);
      await until(500, signal, locks);
    }
    await writeFile(join(locks, `${job}.started`), '', { mode: 0o600 });
    return release;
  } catch (error) {
    await release();
    throw error;
  }
}

/** Draws the next number. */
async function draw({ locks, job, folder, targets, unending }: ClaimRequest): Promise<number> {
  const owner = ownOwner();
  const text = JSON.stringify({
    owner,
    folder,
    targets,
    ...(unending ? { unending } : {}),
  } satisfies ClaimFile);
  const draft = join(locks, `${job}.tmp`);
  const choosing = join(locks, `${job}.choosing`);
  // Written aside and renamed: a choosing file always says who chooses.
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, choosing);
  const numbers = (await readdir(locks)).map((name) => claimName(name)?.number ?? 0);
  const number = Math.max(0, ...numbers) + 1;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, join(locks, `${number}.${job}.claim`));
  await rm(choosing, { force: true });
  return number;
}

/** Undefined: go. A claim: that job holds or waits for the same database. Null: every slot is taken. */
async function look(request: ClaimRequest, number: number): Promise<Claim | null | undefined> {
  const { locks, job, targets, slots, onDead } = request;
  // First those still drawing, then the claims: who drew before this second reading is in it.
  await drawn(request);
  const self = ownOwner();
  const others: Claim[] = [];
  for (const other of await readClaims(locks)) {
    if (other.job === job) continue;
    if (await isGone(other, self)) {
      await onDead(other);
      await dropClaim(locks, other.job);
    } else others.push(other);
  }
  const before = (other: Claim): boolean =>
    other.number < number || (other.number === number && other.job < job);
  const earlier = others.filter(before);
  const holder = earlier.find((other) => conflicts(other.targets, targets));
  if (holder) return holder;
  if (request.unending) return undefined;
  const next = earlier.filter(
    (other) =>
      !other.started &&
      !other.unending &&
      !earlier.some((first) => first !== other && conflicts(first.targets, other.targets)),
  );
  const busy = others.filter((other) => other.started && !other.unending).length + next.length;
  return busy < slots ? undefined : null;
}

/** A claim nobody stands behind: its runner is dead, or cannot be seen from here and its job was removed. */
async function isGone(claim: Claim, self: Owner): Promise<boolean> {
  const state = liveness(claim.owner, self);
  if (state !== 'unknown') return state === 'dead';
  return await access(claim.folder).then(
    () => false,
    () => true,
  );
}

/** Waits until nobody draws a number who did when this was called. */
async function drawn({ locks, job, signal }: ClaimRequest): Promise<void> {
  const names = (await readdir(locks)).filter((name) => name.endsWith('.choosing'));
  for (const name of names) {
    if (name === `${job}.choosing`) continue;
    for (let looks = 0; ; looks++) {
      const file = await readClaimFile(join(locks, name));
      if (!file) break;
      const state = liveness(file.owner);
      // Drawing takes milliseconds; one that cannot be seen from here is not waited for endlessly.
      if (state === 'dead' || (state === 'unknown' && looks > 250)) {
        await rm(join(locks, name), { force: true });
        break;
      }
      await until(20, signal);
      throwIfCancelled(signal);
    }
  }
}

/** All claims in order, dead ones included. */
export async function readClaims(locks: string): Promise<Claim[]> {
  const names = await readdir(locks).catch(() => [] as string[]);
  const started = new Set(names.filter((n) => n.endsWith('.started')).map((n) => n.slice(0, -8)));
  const claims: Claim[] = [];
  for (const name of names) {
    const parsed = claimName(name);
    if (!parsed) continue;
    const file = await readClaimFile(join(locks, name));
    if (file) claims.push({ ...parsed, ...file, started: started.has(parsed.job) });
  }
  return claims.sort((a, b) => a.number - b.number || (a.job < b.job ? -1 : 1));
}

/** Removes every file of a job's claim. */
export async function dropClaim(locks: string, job: string): Promise<void> {
  const names = await readdir(locks).catch(() => [] as string[]);
  for (const name of names) {
    const mine =
      claimName(name)?.job === job || [`${job}.choosing`, `${job}.started`, `${job}.tmp`].includes(name);
    if (mine) await rm(join(locks, name), { force: true });
  }
}

/** Jobs that have a claim, with the liveness of each one's runner. */
export async function claimants(locks: string): Promise<{ claim: Claim; liveness: Liveness }[]> {
  const self = ownOwner();
  return (await readClaims(locks)).map((claim) => ({ claim, liveness: liveness(claim.owner, self) }));
}

function claimName(name: string): { number: number; job: string } | undefined {
  const match = /^(\d+)\.(.+)\.claim$/.exec(name);
  return match ? { number: Number(match[1]), job: match[2] ?? '' } : undefined;
}

/** Undefined when the file is gone or damaged. */
async function readClaimFile(path: string): Promise<ClaimFile | undefined> {
  try {
    const text = await readFile(path, 'utf8');
    const file = JSON.parse(text) as ClaimFile;
    return parseOwner(JSON.stringify(file.owner)) && Array.isArray(file.targets) ? file : undefined;
  } catch {
    return undefined;
  }
}
