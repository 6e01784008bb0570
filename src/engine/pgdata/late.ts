// What reads a whole cluster is loaded when it is first called: lists of backups only look at names.

/** See `check.ts`. */
export const checkBaseBackup: typeof import('./check').checkBaseBackup = async (...backup) =>
  await (await import('./check')).checkBaseBackup(...backup);

/** See `manifest.ts`. */
export const readBackupManifest: typeof import('./manifest').readBackupManifest = async (...manifest) =>
  await (await import('./manifest')).readBackupManifest(...manifest);

/** See `read.ts`. */
export const readBaseFacts: typeof import('./read').readBaseFacts = async (...backup) =>
  await (await import('./read')).readBaseFacts(...backup);

/** See `read.ts`. */
export const readBaseControl: typeof import('./read').readBaseControl = async (...backup) =>
  await (await import('./read')).readBaseControl(...backup);
