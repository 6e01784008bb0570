import type { Contract, Handlers } from '../shared/rpc';
import { Rpc } from '../shared/rpc';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

let acquired: VsCodeApi | undefined;

/** The editor hands out its interface once per page. */
function api(): VsCodeApi {
  return (acquired ??= acquireVsCodeApi());
}

/** Connects the page to the extension host. */
export function connectHost<Page extends Contract<Page>, Host extends Contract<Host>>(
  handlers: Handlers<Page>,
): Rpc<Page, Host> {
  const editor = api();
  const rpc = new Rpc<Page, Host>(
    (message) => editor.postMessage(message),
    handlers,
    (error) => ({
      code: 'page',
      what: error instanceof Error ? error.message : String(error),
      why: '',
      next: '',
    }),
  );
  window.addEventListener('message', (event) => rpc.receive(event.data));
  window.addEventListener('unload', () => rpc.close());
  return rpc;
}

/** What a page keeps while it is hidden and taken down: plain data, kept by the editor with its tab. */
export interface Kept<State> {
  /** What was kept last; absent parts were never kept, or by another version of the page. */
  read(): Partial<State>;
  /** Keeps parts of the state, the others stay. */
  write(parts: Partial<State>): void;
}

export function keptState<State extends object>(): Kept<State> {
  const read = (): Partial<State> => {
    const state = api().getState();
    return typeof state === 'object' && state !== null ? (state as Partial<State>) : {};
  };
  return { read, write: (parts) => api().setState({ ...read(), ...parts }) };
}
