import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** A whole collection. */
export const collectGarbage = runInNewContext('gc') as () => void;

/**
 * Bytes of array buffers that somebody holds. V8 frees what a collection found beside the program, and counts it as freed when the next
 * one begins: readings are taken until they fall no more.
 */
export async function heldBytes(): Promise<number> {
  for (let last = Infinity; ;) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    const { arrayBuffers } = process.memoryUsage();
    if (arrayBuffers >= last) return arrayBuffers;
    last = arrayBuffers;
  }
}
