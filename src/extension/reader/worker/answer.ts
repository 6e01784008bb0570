import { DamageError, describeFault, type Entry } from '../../../engine/archive';
import type { OpenedDump } from './openedDump';

/** An entry known by now, or once all are. */
export async function entryOf(dump: OpenedDump, id: number): Promise<Entry> {
  return dump.entry(id) ?? (await dump.archive()).entry(id);
}

/** Lets other calls in, cancelling among them. */
export async function breathe(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}

/** Damage as a sentence; anything else is thrown on. */
export function faultOf(error: unknown): string {
  if (error instanceof DamageError) return describeFault(error.fault);
  throw error;
}

/** Pieces as bytes of their own, so that they can change hands; at most so many. */
export function ownBytes(parts: readonly Uint8Array[], most = Infinity): Uint8Array {
  const all = Buffer.concat(parts);
  return new Uint8Array(all.length > most ? all.subarray(0, most) : all);
}
