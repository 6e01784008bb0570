import { parentPort, workerData } from 'node:worker_threads';
import * as l10n from '@vscode/l10n';
import { toFacts } from '../../../engine/errors';
import { Rpc, type RpcMessage } from '../../../shared/rpc';
import type { ReaderCalls, ReaderNews, ReaderStart } from '../contract';
import { handlersOf } from './handlers';
import { OpenedDump } from './openedDump';

/** The reader's thread: one dump, read for whoever asks over the port. */
const { path, limits, texts } = workerData as ReaderStart;
const port = parentPort;
if (!port) throw new Error('The reader runs in a thread of its own.');
if (texts) l10n.config({ contents: texts });

const dump = new OpenedDump(path, limits, {
  opened: (opened) => void rpc.call('opened', opened),
  failed: (error) => void rpc.call('failed', error),
  progress: (progress) => void rpc.call('progress', progress),
  sizes: (sizes) => void rpc.call('sizes', sizes),
});
const rpc: Rpc<ReaderCalls, ReaderNews> = new Rpc<ReaderCalls, ReaderNews>(
  (message) => port.postMessage(message, transferred(message)),
  handlersOf(dump),
  toFacts,
);
port.on('message', (message) => rpc.receive(message));

/** Bytes change hands instead of being copied. */
function transferred(message: RpcMessage): ArrayBuffer[] {
  if (message.rpc !== 'ok') return [];
  const { value } = message;
  const bytes =
    typeof value === 'object' && value !== null && 'bytes' in value ? (value.bytes as unknown) : value;
  return bytes instanceof Uint8Array &&
    bytes.buffer instanceof ArrayBuffer &&
    bytes.byteLength === bytes.buffer.byteLength
    ? [bytes.buffer]
    : [];
}
