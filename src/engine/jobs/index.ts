/** Jobs: plans being run, by a process that outlives the window. */
export { cancelJob } from './cancel';
export { isTerminal, type JobEvent, type JobMessage, type JobResult, type JobState } from './events';
export { createJob, files as jobFiles, readJob, retryJob, type Job } from './folder';
export { followJob, listJobs, readSummary, watchJobs } from './list';
export { maskLine } from './mask';
export type { JobSummary } from './summary';
