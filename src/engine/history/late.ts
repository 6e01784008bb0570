// What comparing needs is loaded when an object is first asked for: rows and counts need none of it.

/** See `objects.ts`. */
export const objectsOf: typeof import('./objects').objectsOf = async (...asked) =>
  await (await import('./objects')).objectsOf(...asked);

/** See `objects.ts`. */
export async function* objectHistory(
  ...asked: Parameters<typeof import('./objects').objectHistory>
): ReturnType<typeof import('./objects').objectHistory> {
  yield* (await import('./objects')).objectHistory(...asked);
}

/** See `objects.ts`. */
export const objectInBackup: typeof import('./objects').objectInBackup = async (...asked) =>
  await (await import('./objects')).objectInBackup(...asked);
