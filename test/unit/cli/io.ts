import { PassThrough } from 'node:stream';
import type { Io } from '../../../src/cli/io';

/** An Io whose output can be read back. */
export function testIo(env: NodeJS.ProcessEnv = {}): {
  io: Omit<Io, 'json'> & { stdin: PassThrough };
  out(): string;
  err(): string;
  cancel(): void;
} {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const controller = new AbortController();
  const read = (stream: PassThrough): (() => string) => {
    let text = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    return () => text + (stream.read() ?? '');
  };
  return {
    io: { stdin, stdout, stderr, env, signal: controller.signal },
    out: read(stdout),
    err: read(stderr),
    cancel: () => controller.abort(),
  };
}
