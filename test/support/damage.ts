import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { countRows, readContents } from '../../src/engine/archive';
import { RestorePointError } from '../../src/engine/errors';

/** What reading a file gave: its faults, or why it was refused. Anything else that is thrown fails the test. */
export async function readDamaged(path: string): Promise<{ faults: string[]; refused: boolean }> {
  const faults: string[] = [];
  try {
    faults.push(...(await readContents(path)).faults.map(({ what }) => what));
    faults.push(...(await countRows(path)).faults.map(({ what }) => what));
    return { faults, refused: false };
  } catch (error) {
    assert.ok(error instanceof RestorePointError, String((error as Error).stack));
    return { faults: [error.why], refused: true };
  }
}

/** Writes the bytes and reads them; for cuts, which must never go unnoticed. */
export async function assertNoticed(path: string, bytes: Buffer, what: string): Promise<void> {
  await writeFile(path, bytes);
  const { faults } = await readDamaged(path);
  assert.notEqual(faults.length, 0, `${what} went unnoticed`);
}
