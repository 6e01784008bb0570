import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionFrom, resolve, type Connection } from '../../src/engine/connections';
import type { ConnectionSettings, ResolvedConnection } from '../../src/engine/connections';
import { RestorePointError } from '../../src/engine/errors';

/** Variables of a machine where nothing about PostgreSQL is set up. */
export const bare = { PATH: process.env.PATH, HOME: join(tmpdir(), 'rp-no-such-home') };

export function resolved(
  settings: ConnectionSettings,
  more: Partial<Connection> = {},
): Promise<ResolvedConnection> {
  return resolve({ ...connectionFrom({ settings, name: 'test' }), ...more }, bare);
}

/** The explained error a piece of work must end in. */
export async function failure(work: Promise<unknown>): Promise<RestorePointError> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof RestorePointError, String(error));
    for (const part of [error.what, error.why, error.next]) assert.ok(part, 'what, why and next are said');
    return error;
  }
  throw new assert.AssertionError({ message: 'it should have failed' });
}

/** Waits for a condition; the limit only ends tests that would never end. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 60_000; performance.now() < end;) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('It did not happen.');
}
