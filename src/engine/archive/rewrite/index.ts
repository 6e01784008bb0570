export { KnownNames } from './names';
export { nameUses, type NameUse } from './name-uses';
export { Renamer } from './renamer';
export { withReferences } from './references';
