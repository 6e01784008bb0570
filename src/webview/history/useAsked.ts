import { useEffect, useRef, useState } from 'preact/hooks';
import type { ErrorFacts } from '../../shared/rpc';
import { factsOf } from '../components/useCall';

export interface Asked<T> {
  value: T | null;
  error: ErrorFacts | null;
  busy: boolean;
  /** Asks anew; an answer that is still to come is cancelled. */
  ask(call: (signal: AbortSignal) => Promise<T>): void;
  cancel(): void;
}

/** What is asked for by a button, not by what is shown; ends with its place on the page. */
export function useAsked<T>(): Asked<T> {
  const [answer, setAnswer] = useState<Pick<Asked<T>, 'value' | 'error' | 'busy'>>(nothing);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  return {
    ...answer,
    ask(call) {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      setAnswer({ ...nothing, busy: true });
      call(controller.signal).then(
        (value) => controller.signal.aborted || setAnswer({ ...nothing, value }),
        (error: unknown) => controller.signal.aborted || setAnswer({ ...nothing, error: factsOf(error) }),
      );
    },
    cancel() {
      running.current?.abort();
      setAnswer(nothing);
    },
  };
}

const nothing = { value: null, error: null, busy: false };
