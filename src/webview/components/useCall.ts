import { useEffect, useRef, useState } from 'preact/hooks';
import type { ErrorFacts } from '../../shared/rpc';
import { RpcError } from '../../shared/rpc';

export interface Called<T> {
  value: T | null;
  error: ErrorFacts | null;
  busy: boolean;
  /** Asks once more. */
  again(): void;
}

/** The facts of a failed call; null when it was cancelled. */
export function factsOf(error: unknown): ErrorFacts | null {
  if (error instanceof RpcError) return error.facts;
  if (error instanceof Error && error.name === 'AbortError') return null;
  return { code: 'page', what: error instanceof Error ? error.message : String(error), why: '', next: '' };
}

/**
 * Asks the host whenever `key` changes; an answer that is no longer wanted is cancelled. Null asks nothing.
 *
 * @param delayMs waits this long for the key to change again
 */
export function useCall<T>(
  key: string | null,
  ask: (signal: AbortSignal) => Promise<T>,
  delayMs = 0,
): Called<T> {
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<{ key: string; value: T | null; error: ErrorFacts | null } | null>(
    null,
  );
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    if (key === null) return;
    const controller = new AbortController();
    const begin = (): void => {
      latest.current(controller.signal).then(
        (value) => !controller.signal.aborted && setAnswer({ key, value, error: null }),
        (error: unknown) => {
          const facts = factsOf(error);
          if (facts && !controller.signal.aborted) setAnswer({ key, value: null, error: facts });
        },
      );
    };
    const timer = delayMs > 0 ? setTimeout(begin, delayMs) : (begin(), undefined);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [key, attempt, delayMs]);
  const current = answer?.key === key ? answer : null;
  return {
    value: current?.value ?? null,
    error: current?.error ?? null,
    busy: key !== null && current === null,
    again: () => {
      setAnswer(null);
      setAttempt((count) => count + 1);
    },
  };
}
