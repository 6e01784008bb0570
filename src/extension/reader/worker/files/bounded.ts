import { ownBytes } from '../answer';

/** All of it in one piece; undefined when it is longer than `most`. */
export async function upTo(
  content: AsyncIterable<Uint8Array>,
  most: number,
): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  return (await takes(content, most, parts)) ? ownBytes(parts) : undefined;
}

/** Whether it is not longer than `most`; reads no further. */
export async function fits(content: AsyncIterable<Uint8Array>, most: number): Promise<boolean> {
  return await takes(content, most);
}

/** The lines that fit into `most`, and a last one when there are more. */
export async function beginning(
  content: AsyncIterable<Uint8Array>,
  most: number,
  goesOn: string,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  if (await takes(content, most, parts)) return ownBytes(parts);
  const bytes = Buffer.concat(parts);
  return ownBytes([bytes.subarray(0, bytes.lastIndexOf('\n') + 1), Buffer.from(goesOn)]);
}

async function takes(
  content: AsyncIterable<Uint8Array>,
  most: number,
  parts?: Uint8Array[],
): Promise<boolean> {
  let length = 0;
  for await (const part of content) {
    length += part.length;
    if (length > most) {
      parts?.push(part.subarray(0, part.length - (length - most)));
      return false;
    }
    parts?.push(part);
  }
  return true;
}
