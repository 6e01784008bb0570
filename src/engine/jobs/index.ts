/** Jobs: plans being run, by a process that outlives the window. */
export { cancelJob } from './cancel';
export { createJob, retryJob } from './create';
export { isTerminal, type JobEvent, type JobMessage, type JobResult, type JobState } from './events';
export { files as jobFiles, readJob, type Job } from './folder';
export { followJob, listJobs, readSummary, watchJobs } from './list';
export { maskLine } from './mask';
export { readMessages } from './messages';
export type { JobOutcome } from './outcome';
export { pastRestores } from './past';
export { reapJobs } from './reap';
export { removeJob } from './remove';
export { runJob, type RunJobOptions } from './runner';
export { startRunner } from './start';
export type { JobSummary } from './summary';
