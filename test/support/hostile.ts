import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';

/** An integer as archives have it. */
export function int(value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes[0] = value < 0 ? 1 : 0;
  bytes.writeUInt32LE(Math.abs(value), 1);
  return bytes;
}

export function text(value: string | null): Buffer {
  return value === null ? int(-1) : Buffer.concat([int(value.length), Buffer.from(value, 'latin1')]);
}

/** Head of a custom archive of version 1.16 without compression, up to the number of its entries. */
export function archiveHead(entries: number): Buffer {
  const time = [0, 0, 12, 1, 0, 126, 0].map(int);
  const facts = ['shop', '17.0', '17.0'].map(text);
  return Buffer.concat([
    Buffer.from('PGDMP\x01\x10\0\x04\x08\x01\0', 'latin1'),
    ...time,
    ...facts,
    int(entries),
  ]);
}

/** An entry up to the length of its definition, and all that comes behind the definition. */
export function entryAround(
  id: number,
  kind: string,
  { name = `t${id}`, dependencies = [] as number[], position = null as number | null } = {},
): [Buffer, Buffer] {
  const before = [
    int(id),
    int(position === null ? 0 : 1),
    text('0'),
    text('0'),
    text(name),
    text(kind),
    int(2),
  ];
  const texts = ['', '', 'public', '', ''].map(text);
  const needs = [...dependencies.map((needed) => text(String(needed))), text(null)];
  const place = Buffer.alloc(9);
  place[0] = position === null ? 3 : 2;
  place.writeUInt32LE(position ?? 0, 1);
  return [
    Buffer.concat(before),
    Buffer.concat([...texts, int(114), text('me'), text('false'), ...needs, place]),
  ];
}

/** An entry with a definition. */
export function entry(id: number, kind: string, options: Parameters<typeof entryAround>[2] = {}): Buffer {
  const [before, behind] = entryAround(id, kind, options);
  return Buffer.concat([before, text(`-- ${id}`), behind]);
}

/** Writes a file piece by piece. */
export async function writePieces(path: string, pieces: Iterable<Buffer>): Promise<void> {
  const file = await open(path, 'w');
  let waiting: Buffer[] = [];
  let size = 0;
  for (const piece of pieces) {
    waiting.push(piece);
    if ((size += piece.length) < 1024 * 1024) continue;
    await file.write(Buffer.concat(waiting));
    waiting = [];
    size = 0;
  }
  await file.write(Buffer.concat(waiting));
  await file.close();
}

/**
 * Runs the command line with a bounded heap (in megabytes): what it wrote, its exit code (null when it was ended) and
 * the most memory it took, in megabytes.
 */
export async function runBounded(
  heap: number,
  args: string[],
): Promise<{ stdout: string; stderr: string; code: number | null; peak: number }> {
  const tell = "process.on('exit',()=>console.error('PEAK',process.resourceUsage().maxRSS))";
  const options = [`--max-old-space-size=${heap}`, '--import', `data:text/javascript,${tell}`, 'dist/cli.js'];
  return await new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...options, ...args],
      { maxBuffer: 1 << 28 },
      (_error, stdout, stderr) => {
        const peak = Number(/PEAK (\d+)/.exec(stderr)?.[1]) / 1024;
        resolve({ stdout, stderr, code: child.exitCode, peak });
      },
    );
  });
}
