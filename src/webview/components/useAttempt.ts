import { useState } from 'preact/hooks';
import type { ErrorFacts } from '../../shared/rpc';
import { factsOf } from './useCall';

/** One thing at a time that a button does: whether it goes on, and why the last one failed. */
export function useAttempt(): {
  failure: ErrorFacts | null;
  starting: boolean;
  attempt(work: () => Promise<unknown>): void;
  forget(): void;
} {
  const [failure, setFailure] = useState<ErrorFacts | null>(null);
  const [starting, setStarting] = useState(false);
  return {
    failure,
    starting,
    attempt: (work) => {
      setFailure(null);
      setStarting(true);
      work()
        .catch((error: unknown) => setFailure(factsOf(error)))
        .finally(() => setStarting(false));
    },
    forget: () => setFailure(null),
  };
}
