export { emitScript } from './emit';
