export { identify } from './identify';
export { open } from './open';
export { openUnwrapped, type Unwrapped } from './unwrap';
export { DamageError, describeFault } from './errors';
export type * from './types';
export { tocName } from './formats/directory-identity';
export { dependencyGraph, type DependencyGraph } from './dependencies';
export { countRows, readContents } from './read';
export { copyTarget, type CopyTarget } from './rows/columns';
