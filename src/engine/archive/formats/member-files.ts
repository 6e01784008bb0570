import { compressions, type CompressionCodec } from '../compressions';
import type { Container, Member } from '../containers';
import { DamageError } from '../errors';
import { DecodedSource } from '../io/decoded-source';
import type { ByteSource } from '../io/source';
import type { SpoolBudget } from '../io/spool';
import type { Fault, ReadOptions } from '../types';
import type { Found } from './types';

/** A data file of a directory dump, as it lies in its container. */
export interface DataFile {
  member: Member;
  codec: CompressionCodec;
}

/** The files of a directory or tar dump by their names without a compression's suffix. */
export class MemberFiles {
  readonly #container: Container;
  readonly #budget: SpoolBudget;

  constructor({ container, budget }: Pick<Found, 'container' | 'budget'>) {
    this.#container = container!;
    this.#budget = budget;
  }

  /** Decoded bytes of a file; the caller closes them. */
  async open({ member, codec }: DataFile): Promise<ByteSource> {
    const source = await member.open();
    // An empty large object can be an empty file, where any other compressed file has a frame.
    if (!codec.magic || member.size === 0) return source;
    return new DecodedSource(
      source,
      { decoder: () => codec.fileDecoder()!, resume: codec.resume },
      this.#budget,
    );
  }

  /** The table of contents names files without their suffix; the one without comes first where both are there. */
  async find(name: string, options: ReadOptions): Promise<DataFile | null> {
    for (const codec of compressions) {
      const member = await this.#container.find(name + codec.suffix, options);
      if (member) return { member, codec };
    }
    return null;
  }

  /** Learns all names; returns what keeps it from that. */
  async index(options: ReadOptions): Promise<Fault | null> {
    try {
      await this.total(options);
      return null;
    } catch (error) {
      if (error instanceof DamageError) return error.fault;
      throw error;
    }
  }

  /** Bytes of all files together. */
  async total(options: ReadOptions): Promise<number> {
    let sum = 0;
    for await (const { size } of this.#container.members(options)) sum += size;
    return sum;
  }
}

/** Decoded bytes of a data file without reading it; null when only reading can tell. */
export function decodedSize({ member, codec }: DataFile): number | null {
  return !codec.magic || member.size === 0 ? member.size : null;
}
