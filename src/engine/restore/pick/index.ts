export { beforeStep, fillBySelection, fillNothing, mendStep, noted } from './fill';
export { findEntries } from './find';
export { select, selects, type Selection } from './select';
