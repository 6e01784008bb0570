import { DATA, giveKernel, takeKernel, type Kernel } from '../kernel';
import { decodeBlock, HISTORY } from './lz4-block';

/** Room for several small blocks, so that the history is moved rarely. */
const SPAN = 256 * 1024;

/** What a block's decoder in the kernel says instead of an end. */
const REASONS: Record<number, string> = {
  [-1]: 'LZ4 block ends inside a length or distance',
  [-2]: 'LZ4 literals run past the block',
  [-3]: 'LZ4 match runs past the block',
  [-4]: 'LZ4 distance points before the data',
  [-5]: 'LZ4 block ends without its last literals',
};

/** Memory in which the blocks of one LZ4 frame are decoded one behind the other: history and room for the next. */
export class Lz4Window {
  readonly #kernel: Kernel | null;
  readonly #blockMax: number;
  readonly #bytes: Buffer;
  /** Where the history begins and what was decoded ends. */
  readonly #start: number;
  #end: number;

  constructor(blockMax: number, history: Buffer, kernel: Kernel | null = takeKernel()) {
    const span = HISTORY + Math.max(SPAN, blockMax);
    this.#kernel = kernel;
    this.#blockMax = blockMax;
    // In the kernel's memory the block that is decoded lies before.
    this.#start = kernel ? DATA + blockMax + HISTORY : 0;
    kernel?.reserve(this.#start + span);
    this.#bytes = kernel ? kernel.bytes.subarray(0, this.#start + span) : Buffer.allocUnsafe(span);
    this.#end = this.#start + history.copy(this.#bytes, this.#start);
  }

  /** Decodes a block (or takes it as it is); the result is overwritten by the next one. Throws on damage. */
  add(block: Buffer, stored: boolean, linked: boolean): Buffer {
    if (!linked) this.#end = this.#start;
    else if (this.#bytes.length - this.#end < this.#blockMax) {
      const kept = this.history(true);
      this.#bytes.set(kept, this.#start);
      this.#end = this.#start + kept.length;
    }
    const from = this.#end;
    this.#end = stored ? from + block.copy(this.#bytes, from) : this.#decode(block, from);
    return this.#bytes.subarray(from, this.#end);
  }

  /** What a later block may refer back to; shares memory. */
  history(linked: boolean): Buffer {
    return this.#bytes.subarray(linked ? Math.max(this.#start, this.#end - HISTORY) : this.#end, this.#end);
  }

  /** Nothing it gave may be used afterwards. */
  close(): void {
    if (this.#kernel) giveKernel(this.#kernel);
  }

  #decode(block: Buffer, from: number): number {
    const kernel = this.#kernel;
    if (!kernel) return decodeBlock(block, this.#bytes.subarray(0, from + this.#blockMax), from, this.#start);
    block.copy(this.#bytes, DATA);
    const end = kernel.loops.lz4(DATA, block.length, from, this.#blockMax, this.#start);
    if (end < 0) throw new Error(REASONS[end]);
    return end;
  }
}
