export { exportDifferences, type DifferenceFormat } from './exportRows';
export type { Direction } from './rowSql';
export { takeRows, type TakenRows } from './takeRows';
