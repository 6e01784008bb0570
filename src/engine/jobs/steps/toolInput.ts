import { stat } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { emitScript, openUnwrapped } from '../../archive';
import type { Emission, ToolStep } from '../../plan';
import { scriptFeed, type ScriptFeed } from '../../restore';
import { explainFileError } from '../../fileFailure';

/** What a program reads from its standard input. */
export interface ToolInput {
  stream: Readable;
  /** 0 … 1 of it that was read. */
  fraction(): number;
  /** Of a file: as it lies on the disk; null for what is made while it is read. */
  bytesRead(): number | null;
  /** Of scripts. */
  feed?: ScriptFeed;
}

export async function openInput(step: ToolStep, signal: AbortSignal): Promise<ToolInput | undefined> {
  if (step.emit) return emitted(step.emit, signal);
  const path = step.stdin;
  if (path === undefined) return undefined;
  try {
    const { size } = await stat(path);
    const { stream, bytesRead } = await openUnwrapped(path);
    const fraction = (): number => bytesRead() / Math.max(1, size);
    if (step.dialect !== 'psql') return { stream, fraction, bytesRead };
    const feed = scriptFeed(step.omitLines);
    // An error of the file reaches the tool through the last stream.
    return { stream: pipeline(stream, feed.transform, () => {}), fraction, bytesRead, feed };
  } catch (error) {
    throw explainFileError(error, path);
  }
}

/** Parts of a dump, read as psql takes them. */
function emitted({ path, unknown, ...options }: Emission, signal: AbortSignal): ToolInput {
  let fraction = 0;
  const feed = scriptFeed();
  const script = emitScript(path, {
    ...options,
    signal,
    knows: (setting) => !unknown.includes(setting),
    onProgress: (done) => void (fraction = done),
  });
  const stream = pipeline(Readable.from(script, { objectMode: false }), feed.transform, () => {});
  return { stream, fraction: () => fraction, bytesRead: () => null, feed };
}
