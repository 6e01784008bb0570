import { openUnwrapped } from '../unwrap';
import type { WrapperName } from '../types';
import type { ByteReader } from './byte-reader';
import { FileReader } from './file-reader';
import { StreamReader } from './stream-reader';

/** A reader of a file's bytes without their wrapper; one that can jump where there is none. `bytesRead` is for progress. */
export async function openReader(
  path: string,
  wrapper: WrapperName | null,
): Promise<{ reader: ByteReader; bytesRead: () => number }> {
  if (wrapper === null) {
    const reader = await FileReader.open(path);
    return { reader, bytesRead: () => reader.offset };
  }
  const { stream, bytesRead } = await openUnwrapped(path);
  return { reader: new StreamReader(stream), bytesRead };
}
