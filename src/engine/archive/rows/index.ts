export { TableRows } from './table-rows';
export type { TableSource } from './row-reader';
