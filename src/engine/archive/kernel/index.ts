import binary from './kernel.wat';

/** Where data may begin in a kernel's memory: its own table lies before. */
export const DATA = 1024;
/** The loops read and write this much beyond what they were given. */
const SLACK = 64;
const PAGE = 64 * 1024;
/** Kernels kept for the next user; with room for the largest LZ4 blocks they would be too large to keep. */
const MOST_SPARE = 4;
const MOST_KEPT = 2 * 1024 * 1024;

interface Loops {
  memory: WebAssembly.Memory;
  count(from: number, size: number): number;
  lz4(from: number, size: number, to: number, room: number, lowest: number): number;
  unchunk(from: number, size: number, to: number, room: number): number;
  rows: WebAssembly.Global<'i32'>;
  misfit: WebAssembly.Global<'i32'>;
  odd: WebAssembly.Global<'i32'>;
  line: WebAssembly.Global<'i32'>;
  tabs: WebAssembly.Global<'i32'>;
  length: WebAssembly.Global<'i32'>;
  first: WebAssembly.Global<'i32'>;
  escaped: WebAssembly.Global<'i32'>;
  expected: WebAssembly.Global<'i32'>;
  filled: WebAssembly.Global<'i32'>;
}

/** Kernels by their memory, so that data that lies in one is worked on where it is. */
const byMemory = new WeakMap<ArrayBufferLike, Kernel>();

/** The inner loops of decoding (kernel.wat), with a memory of their own. */
export class Kernel {
  readonly loops: Loops;
  /** All of the memory; another object after `reserve` made it larger. */
  bytes: Buffer;

  constructor(module: WebAssembly.Module) {
    this.loops = new WebAssembly.Instance(module).exports as unknown as Loops;
    this.bytes = this.#view();
  }

  /** Makes sure that data may reach up to `end`. */
  reserve(end: number): void {
    const missing = end + SLACK - this.bytes.length;
    if (missing <= 0) return;
    this.loops.memory.grow(Math.ceil(missing / PAGE));
    this.bytes = this.#view();
  }

  #view(): Buffer {
    const { buffer } = this.loops.memory;
    byMemory.set(buffer, this);
    return Buffer.from(buffer);
  }
}

/** Undefined before it was asked for, null where there is no WebAssembly with SIMD. */
let compiled: WebAssembly.Module | null | undefined;
const spare: Kernel[] = [];

/** A kernel for one user at a time, null where the platform has none: every user has a way without it. */
export function takeKernel(): Kernel | null {
  if (compiled === undefined)
    try {
      compiled = new WebAssembly.Module(binary);
    } catch {
      compiled = null;
    }
  return compiled && (spare.pop() ?? new Kernel(compiled));
}

/** Gives a kernel back when nothing in its memory is needed any more. */
export function giveKernel(kernel: Kernel): void {
  if (spare.length < MOST_SPARE && kernel.bytes.length <= MOST_KEPT) spare.push(kernel);
}

/** The kernel whose memory holds these bytes, if any does. */
export function kernelAround(bytes: Buffer): Kernel | undefined {
  return byMemory.get(bytes.buffer);
}
