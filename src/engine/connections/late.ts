// Loaded when a folder is first looked through.

/** See `discover/index.ts`. */
export const discover: typeof import('./discover').discover = async (...folder) =>
  await (await import('./discover')).discover(...folder);
