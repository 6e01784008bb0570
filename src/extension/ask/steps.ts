import { Back } from './quickInput';

/** Where a step stands among those asked: for its question's `step`. */
export interface StepPlace {
  number: number;
  of: number;
}

/** Asks its question and keeps the answer in the state. */
export interface Step<S> {
  /** Whether the step applies, told by the answers before it. */
  when?(state: S): boolean;
  ask(state: S, place: StepPlace): Promise<void>;
}

/**
 * Asks step after step; the Back button goes to the step before. Closing a question ends all with
 * `Dismissed`. The state is the caller's own, changed by the steps.
 */
export async function runSteps<S>(steps: Step<S>[], state: S): Promise<S> {
  const asked: Step<S>[] = [];
  for (;;) {
    const applying = steps.filter((step) => step.when?.(state) ?? true);
    const next = applying.find((step) => !asked.includes(step));
    if (!next) return state;
    try {
      await next.ask(state, { number: asked.length + 1, of: applying.length });
      asked.push(next);
    } catch (error) {
      if (!(error instanceof Back)) throw error;
      asked.pop();
    }
  }
}
