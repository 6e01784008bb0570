import * as l10n from '@vscode/l10n';
import type { MemoryBudget } from '../memory';
import type { Sink } from '../rows/sink';

/** What a number in a set takes. */
const LISTED = 48;

/** The file of a large object without a compression's suffix. */
export function blobFile(oid: number): string {
  return `blob_${oid}.dat`;
}

/** Lines `OID blob_OID.dat` of a large objects' list. `rest`: what follows the last line feed. */
export function parseBlobList(text: string): { oids: number[]; strange: number; rest: string } {
  const lines = text.split('\n');
  const rest = lines.pop()!;
  const oids: number[] = [];
  let strange = 0;
  for (const line of lines) {
    // Only a name of this form is looked for, so that no list leads out of the folder.
    const oid = /^(\d{1,10}) blob_\1\.dat\r?$/.exec(line)?.[1];
    if (oid !== undefined && oid === String(Number(oid))) oids.push(Number(oid));
    else if (line !== '') strange++;
  }
  return { oids, strange, rest };
}

/** Reads a large objects' list. */
export class BlobList implements Sink {
  readonly oids = new Set<number>();
  readonly #memory: MemoryBudget;
  #rest = '';
  #strange = 0;

  /** Throws `archive.tooMuch` for more objects than the memory has room for. */
  constructor(memory: MemoryBudget) {
    this.#memory = memory;
  }

  push(part: Buffer): void {
    const { oids, strange, rest } = parseBlobList(this.#rest + part.toString('latin1'));
    this.#memory.take(oids.length * LISTED);
    for (const oid of oids) this.oids.add(oid);
    this.#strange += strange;
    // A line without an end is no list: not kept beyond what a line can be.
    this.#rest = rest.slice(0, 1000);
  }

  end(): string[] {
    if (this.#strange === 0 && this.#rest === '') return [];
    return [l10n.t('its list of large objects is damaged')];
  }
}
