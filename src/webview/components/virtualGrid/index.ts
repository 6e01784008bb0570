export { VirtualGrid, type GridTexts } from './virtualGrid';
export { GridModel, headerRow } from './gridModel';
export type { GridColumn, GridRow, GridSource } from './gridSource';
export { ColumnLayout, fitColumn, fittedWidth } from './columnLayout';
export { RowPages, type LoadedRows } from './rowPages';
export { isSingle, rangeOf, type Cell, type Range, type Selection } from './selection';
