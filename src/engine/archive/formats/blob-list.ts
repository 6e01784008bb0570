import * as l10n from '@vscode/l10n';
import type { Sink } from '../rows/sink';

export interface ListedBlob {
  oid: string;
  /** File name without a compression's suffix. */
  file: string;
}

/** Lines `OID blob_OID.dat` of a large objects' list. `rest`: what follows the last line feed. */
export function parseBlobList(text: string): { objects: ListedBlob[]; strange: number; rest: string } {
  const lines = text.split('\n');
  const rest = lines.pop()!;
  const objects: ListedBlob[] = [];
  let strange = 0;
  for (const line of lines) {
    // Only a name of this form is looked for, so that no list leads out of the folder.
    const match = /^(\d+) (blob_\d+\.dat)\r?$/.exec(line);
    if (match) objects.push({ oid: match[1]!, file: match[2]! });
    else if (line !== '') strange++;
  }
  return { objects, strange, rest };
}

/** Reads a large objects' list. */
export class BlobList implements Sink {
  readonly objects: ListedBlob[] = [];
  #rest = '';
  #strange = 0;

  push(part: Buffer): void {
    const { objects, strange, rest } = parseBlobList(this.#rest + part.toString('latin1'));
    for (const object of objects) this.objects.push(object);
    this.#strange += strange;
    // A line without an end is no list: not kept beyond what a line can be.
    this.#rest = rest.slice(0, 1000);
  }

  end(): string[] {
    if (this.#strange === 0 && this.#rest === '') return [];
    return [l10n.t('its list of large objects is damaged')];
  }
}
