import type { JobMessage, JobResult } from '../jobs/events';
import type { Plan } from '../plan';
import type { CountedTable } from './count';

/** What happened to the entries of the contents. `degraded` ones are restored, but without their owner, say. */
export interface EntryCounts {
  restored: number;
  harmless: number;
  degraded: number;
  failed: number;
}

const order = { harmless: 0, degraded: 1, failed: 2 } as const;

/** Counts entries by their worst message; a message that names no entry counts for itself. */
export function countEntries(total: number, messages: JobMessage[]): EntryCounts {
  const worst = new Map<string, JobMessage['verdict']>();
  messages.forEach((message, index) => {
    const key = message.entry ?? `\0${index}`;
    const before = worst.get(key);
    if (before === undefined || order[message.verdict] > order[before]) worst.set(key, message.verdict);
  });
  const count = (verdict: JobMessage['verdict']): number =>
    [...worst.values()].filter((v) => v === verdict).length;
  const failed = count('failed');
  const lost = [...worst].filter(([key, verdict]) => verdict === 'failed' && !key.startsWith('\0')).length;
  return {
    restored: Math.max(0, total - lost),
    harmless: count('harmless'),
    degraded: count('degraded'),
    failed,
  };
}

/**
 * What `restore --json` prints of a finished plan, and what the job keeps as its result; `undo` comes from the
 * step that kept what was there before.
 */
export function restoreReport(plan: Plan, messages: JobMessage[], counted: CountedTable[] | null): JobResult {
  const entries = typeof plan.facts.entries === 'number' ? plan.facts.entries : 0;
  return {
    database: plan.facts.database,
    strategy: plan.facts.strategy,
    entries: countEntries(entries, messages),
    wayBack: plan.wayBack,
    ...(counted
      ? {
          tables: counted.map(({ schema, name, rows }) => ({ schema, name, rows })),
          differing: counted.filter((table) => table.expected !== null && table.rows !== table.expected),
        }
      : {}),
  };
}
