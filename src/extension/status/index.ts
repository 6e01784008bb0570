export { JobsStatus } from './jobsStatus';
