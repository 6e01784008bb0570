export { readLive } from './live';
