import type { ErrorFacts } from '../errors';
import type { JobResult, JobState, Verdict } from './events';

/** How a job ended. */
export interface JobOutcome {
  id: string;
  folder: string;
  state: JobState;
  result: JobResult | null;
  error: ErrorFacts | null;
  messages: Record<Verdict, number>;
}
