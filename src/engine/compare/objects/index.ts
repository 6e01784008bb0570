export { compareInventories, compareObjects } from './compareObjects';
export { inventoryOf, isLargeObject, type DatabaseObject, type Inventory } from './inventory';
export { columnClauses, tableBody, type BodyItem, type ColumnClauses, type TableBody } from './tableBody';
export { objectText } from './text';
