/**
 * What restoring needs of statements, a door of its own: lists of backups import the index, and would read all of this
 * with it.
 */
export { identified, identityOf, type Identified } from './identity';
export { copyTarget, type CopyTarget } from './rows/columns';
export { heading, ownerStatement, passOf } from './emit/statements';
export { Renamer, withReferences } from './rewrite';
export { Parts } from './parts';
