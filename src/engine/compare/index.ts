/** Two inventories or two row streams in, differences out. */
export { comparisonExtension, ComparisonWriter, openComparison } from './file';
export { comparisonPath, comparisonsFolder } from './place';
export { planCompare, type AskedSide, type ComparePlanning, type CompareRequest } from './plan';
export { compare, type CompareContext } from './run';
export { exportDifferences, takeRows, type DifferenceFormat, type Direction, type TakenRows } from './take';
export type * from './types';
export {
  compareInventories,
  compareObjects,
  inventoryOf,
  isLargeObject,
  objectText,
  type DatabaseObject,
  type Inventory,
} from './objects';
export { scriptDifference, scriptText, type ScriptTextOptions } from './script';
