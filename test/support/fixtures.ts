import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file of test/fixtures; tests run in the project's top folder. */
export function fixture(...parts: string[]): string {
  return join(process.cwd(), 'test/fixtures', ...parts);
}

/** A temporary folder for a suite: made before each test, removed after it. */
export function useTempFolder(): () => string {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rp-test-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  return () => folder;
}

/** A temporary folder for a whole suite, there from its first `before` on. */
export function useSuiteFolder(): () => string {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rp-test-'));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  return () => folder;
}
