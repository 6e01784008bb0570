// What reads whole dumps is loaded when it is first called: lists of backups only look at how files begin.

/** See `open.ts`. */
export const open: typeof import('./open').open = async (...dump) =>
  await (await import('./open')).open(...dump);

/** See `read.ts`. */
export const readContents: typeof import('./read').readContents = async (...dump) =>
  await (await import('./read')).readContents(...dump);

/** See `read.ts`. */
export const countRows: typeof import('./read').countRows = async (...dump) =>
  await (await import('./read')).countRows(...dump);

/** See `salvage/salvage.ts`. */
export const salvage: typeof import('./salvage').salvage = async (...dump) =>
  await (await import('./salvage')).salvage(...dump);

/** See `emit/emit.ts`. */
export async function* emitScript(
  ...dump: Parameters<typeof import('./emit').emitScript>
): AsyncGenerator<Buffer> {
  yield* (await import('./emit')).emitScript(...dump);
}
