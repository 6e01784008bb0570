import type { Contract, Handlers } from '../shared/rpc';
import { Rpc } from '../shared/rpc';

interface VsCodeApi {
  postMessage(message: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** Connects the page to the extension host. One call per page: the editor hands out its interface once. */
export function connectHost<Page extends Contract<Page>, Host extends Contract<Host>>(
  handlers: Handlers<Page>,
): Rpc<Page, Host> {
  const api = acquireVsCodeApi();
  const rpc = new Rpc<Page, Host>(
    (message) => api.postMessage(message),
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
