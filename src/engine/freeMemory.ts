/**
 * Frees the memory a buffer lies in, which nobody else may use. Left to the collector of garbage, a gigabyte of pieces costs more
 * time than they take to fill.
 */
export function freeMemory({ buffer }: Buffer): void {
  (buffer as Partial<Transferable>).transfer?.(0);
}

/** What newer platforms have. */
interface Transferable {
  transfer(length: number): ArrayBuffer;
}
