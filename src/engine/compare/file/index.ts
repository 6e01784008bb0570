export { EXTENSION as comparisonExtension } from './layout';
export { openComparison } from './reader';
export { ComparisonWriter } from './writer';
