import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Home } from '../../../src/engine/home';
import type { Plan } from '../../../src/engine/plan';

/** A plan that does nothing, with what a test wants different. */
export function plan(different: Partial<Plan> = {}): Plan {
  return {
    version: 1,
    kind: 'backup',
    title: 'Back up shop',
    connections: {},
    steps: [],
    onFailure: [],
    locks: [],
    destroys: [],
    wayBack: null,
    warnings: [],
    estimate: { bytes: null, freeBytes: null, durationMs: null, basis: '' },
    facts: {},
    ...different,
  };
}

/** A home of its own; `remove` takes it away. */
export function temporaryHome(): Home & { root: string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), 'rp-jobs-'));
  return {
    root,
    config: join(root, 'config'),
    state: join(root, 'state'),
    backups: join(root, 'backups'),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Waits for a condition; fails with `what` when it does not come. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 60_000,
): Promise<void> {
  const began = performance.now();
  while (!(await condition())) {
    if (performance.now() - began > withinMs) throw new Error(`Waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
