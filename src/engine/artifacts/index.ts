export { baseBackupId } from './baseBackup';
export { countedTables, evidenceFiles, recordEvidence, strongest, verifiedRows } from './evidence';
export { checkFolder } from './folder';
export { finishArtifact, type FinishFacts, type FinishOptions } from './finish';
export { inspectArtifact, listArtifacts } from './list';
export { loadManifestReader, readManifest, writeManifest } from './manifest';
export {
  artifactName,
  draftPath,
  freshPath,
  isManifestDraft,
  isPartial,
  manifestPath,
  memberPartialPath,
  partialPath,
  safeName,
  type NameParts,
} from './naming';
export { recognise } from './recognise';
export { removeArtifact } from './remove';
export { isPart, suspicionsOf, type Made, type SuspicionOptions } from './suspicions';
export { compareFiles, verify } from './late';
export type { Verified, VerifyOptions } from './verify';
export { watchArtifacts } from './watch';
export type * from './types';
