export { compareTable, type Bounds, type TableOptions } from './compareTable';
export { pairTables, type TablePair } from './tables';
