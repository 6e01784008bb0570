import * as l10n from '@vscode/l10n';
import { checkAborted } from '../abort';
import { DamageError } from '../errors';
import { createdObjects } from '../formats/large-objects';
import type { DumpReader } from '../formats/types';
import type { Fault } from '../types';
import type { Target } from './target';

/** Writes every large object that is whole. */
export async function salvageLargeObjects(
  reader: DumpReader,
  out: Target,
  faults: Fault[],
  signal: AbortSignal | undefined,
): Promise<{ whole: Set<number>; lost: number[] }> {
  const whole = new Set<number>();
  const missing = new Set(reader.contents.entries.flatMap(createdObjects));
  const fail = (oid: number, why: string): void =>
    void faults.push({ what: `${l10n.t('large object {0}', oid)}: ${why}`, entry: null, offset: null });
  const met = new Set<number>();
  try {
    for await (const { oid, owner } of reader.largeObjects({ signal })) {
      if (met.has(oid)) {
        fail(oid, l10n.t('the dump holds it more than once; the first is taken'));
        continue;
      }
      met.add(oid);
      missing.add(oid);
      await out.beginObject(oid);
      let damaged: string | null = null;
      try {
        for await (const part of reader.largeObject(oid, { signal })) {
          checkAborted(signal);
          await out.object(part);
        }
      } catch (error) {
        if (!(error instanceof DamageError) && !isMissing(error)) throw error;
        damaged = (error as DamageError).why;
      }
      await out.endObject(damaged === null, owner);
      if (damaged !== null) fail(oid, damaged);
      else {
        whole.add(oid);
        missing.delete(oid);
      }
    }
  } catch (error) {
    if (!(error instanceof DamageError)) throw error;
    faults.push(error.fault);
  }
  return { whole, lost: [...missing] };
}

function isMissing(error: unknown): boolean {
  return (error as { code?: string }).code === 'archive.noLargeObject';
}
