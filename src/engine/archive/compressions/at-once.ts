/** A block may become this large in the caller's turn. */
const MOST = 1024 * 1024;

/** What a function of the platform that decodes everything at once gives; null when it refuses. */
export function atOnce(
  decode: (block: Buffer, options: { maxOutputLength: number }) => Buffer,
  block: Buffer,
): Buffer | null {
  try {
    return decode(block, { maxOutputLength: MOST });
  } catch {
    return null;
  }
}
