import { seededRandom } from './random';

/** One way to damage bytes; null when it cannot be done to these. */
type Mutation = (bytes: Buffer, place: () => number, below: (limit: number) => number) => Buffer;

const ABSURD = [0x7fffffff, 0xffffffff, 0x0fffffff, 0x10000, 0x7fff, 1, 0];

/** `place` gives a structural border as a rule, any byte else. */
const mutations: Record<string, Mutation> = {
  'bit flip': (bytes, place, below) => {
    bytes[below(2) ? place() : below(bytes.length)]! ^= 1 << below(8);
    return bytes;
  },
  'changed bytes': (bytes, place, below) => {
    for (let n = 1 + below(4); n > 0; n--) bytes[below(2) ? place() : below(bytes.length)] = below(256);
    return bytes;
  },
  cut: (bytes, place, below) =>
    bytes.subarray(0, below(2) ? Math.max(0, place() + below(3) - 1) : below(bytes.length)),
  'absurd number': (bytes, place, below) => {
    const at = Math.min(place() + 1, Math.max(0, bytes.length - 4));
    bytes.writeUInt32LE(ABSURD[below(ABSURD.length)]!, at);
    return bytes;
  },
  'negative number': (bytes, place) => {
    bytes[place()] = 1;
    return bytes;
  },
  'offset elsewhere': (bytes, place, below) => {
    const at = Math.min(place(), Math.max(0, bytes.length - 9));
    bytes[at] = 2;
    bytes.writeBigUInt64LE(BigInt(below(4) ? below(bytes.length) : 2 ** 53), at + 1);
    return bytes;
  },
  'copied number': (bytes, place) => {
    bytes.copy(bytes, place(), place(), place() + 5);
    return bytes;
  },
  'swapped parts': (bytes, place) => {
    const [a, b, c, d] = [place(), place(), place(), place()].sort((x, y) => x - y) as [
      number,
      number,
      number,
      number,
    ];
    const part = (from: number, to: number): Buffer => bytes.subarray(from, to);
    return Buffer.concat([part(0, a), part(c, d), part(b, c), part(a, b), part(d, bytes.length)]);
  },
  'repeated part': (bytes, place) => {
    const [a, b] = [place(), place()].sort((x, y) => x - y) as [number, number];
    return Buffer.concat([bytes.subarray(0, b), bytes.subarray(a)]);
  },
  'missing part': (bytes, place) => {
    const [a, b] = [place(), place()].sort((x, y) => x - y) as [number, number];
    return Buffer.concat([bytes.subarray(0, a), bytes.subarray(b)]);
  },
  'garbage inserted': (bytes, place, below) => {
    const at = place();
    const garbage = Buffer.from(Array.from({ length: 1 + below(40) }, () => below(256)));
    return Buffer.concat([bytes.subarray(0, at), garbage, bytes.subarray(at)]);
  },
  'garbage appended': (bytes, _place, below) =>
    Buffer.concat([bytes, Buffer.from(Array.from({ length: 1 + below(600) }, () => below(256)))]),
  'zeroed part': (bytes, place, below) => {
    const at = place();
    return bytes.fill(0, at, Math.min(bytes.length, at + 1 + below(2000)));
  },
};

export interface Mutated {
  how: string;
  bytes: Buffer;
}

/** A mutation that changes nothing (a byte set to what it is) is tried at other places, so often. */
const tries = 50;

/**
 * `count` damaged variants of a file, none equal to it, the same for the same seed. `borders`: where its parts
 * begin; none for any file.
 */
export function* mutate(
  whole: Buffer,
  borders: readonly number[],
  seed: number,
  count: number,
): Generator<Mutated> {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const usable = borders.filter((at) => at < whole.length);
  const place = (): number =>
    usable.length > 0 && below(8) > 0 ? usable[below(usable.length)]! : below(whole.length);
  const names = Object.keys(mutations);
  for (let i = 0; i < count; i++) {
    // Too small for the others.
    const how = whole.length < 16 ? 'garbage appended' : names[i % names.length]!;
    const within = (): number => Math.min(place(), whole.length - 1);
    let bytes = whole;
    for (let n = 0; n < tries && bytes.equals(whole); n++)
      bytes = mutations[how]!(Buffer.from(whole), within, below);
    // A file without anything to swap, say: it can be longer at least.
    yield bytes.equals(whole)
      ? { how: 'garbage appended', bytes: Buffer.concat([whole, Buffer.from('x')]) }
      : { how, bytes };
  }
}
