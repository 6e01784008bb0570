// What reads whole backups is loaded when it is first called: lists only look at how files begin.

/** See `verify.ts`. */
export const verify: typeof import('./verify').verify = async (...backup) =>
  await (await import('./verify')).verify(...backup);

/** See `verify.ts`. */
export const compareFiles: typeof import('./verify').compareFiles = async (...files) =>
  await (await import('./verify')).compareFiles(...files);
