export { TableRows, type TableSource } from './table-rows';
