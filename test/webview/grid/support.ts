import { JSDOM } from 'jsdom';
import type { ContentsHost, Column, Row, RowsPage } from '../../../src/shared/contentsPage';
import type { ContentsTexts } from '../../../src/shared/contentsTexts';
import type { Calls } from '../../../src/webview/contents/calls';

/** Size of every element: jsdom lays nothing out. */
const width = 800;
const height = 440;

/** A document of its own, with what jsdom lacks of a browser. */
export function openDocument(): { root: HTMLElement; window: JSDOM['window']; close(): void } {
  const dom = new JSDOM('<div id="root"></div>', { pretendToBeVisual: true });
  const { window } = dom;
  Object.defineProperties(window.HTMLElement.prototype, {
    clientWidth: { get: () => width },
    clientHeight: { get: () => height },
    setPointerCapture: { value: () => undefined },
  });
  const given: Record<string, unknown> = {
    window,
    document: window.document,
    requestAnimationFrame: window.requestAnimationFrame.bind(window),
    cancelAnimationFrame: window.cancelAnimationFrame.bind(window),
    matchMedia: () => ({ matches: true }),
    ResizeObserver: class {
      observe(): void {}
      disconnect(): void {}
    },
  };
  const before = new Map(
    Object.keys(given).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]),
  );
  for (const [name, value] of Object.entries(given))
    Object.defineProperty(globalThis, name, { value, configurable: true });
  return {
    root: window.document.getElementById('root')!,
    window,
    close() {
      for (const [name, descriptor] of before) {
        if (descriptor) Object.defineProperty(globalThis, name, descriptor);
        else Reflect.deleteProperty(globalThis, name);
      }
      window.close();
    },
  };
}

/** Texts that say their own keys and what is filled in. */
export const texts = new Proxy({} as ContentsTexts, {
  get: (_target, key) =>
    key === 'grid'
      ? new Proxy({}, { get: (_grid, name) => `${String(name)} {0} {1}` })
      : `${String(key)} {0} {1}`,
});

type Answers = { [K in keyof ContentsHost]?: (argument: Parameters<ContentsHost[K]>[0]) => unknown };

/** A host that answers at once, and the calls it got. */
export function fakeHost(answers: Answers): { host: Calls; calls: [string, unknown][] } {
  const calls: [string, unknown][] = [];
  const call = async (
    name: keyof ContentsHost,
    argument: unknown,
    signal?: AbortSignal,
  ): Promise<unknown> => {
    calls.push([name, argument]);
    await Promise.resolve();
    signal?.throwIfAborted();
    const answer = answers[name];
    if (!answer) return null;
    const value: unknown = await answer(argument as never);
    signal?.throwIfAborted();
    return value;
  };
  return { host: { call } as Calls, calls };
}

export function column(name: string, type: string | null = 'text', more: Partial<Column> = {}): Column {
  return { name, type, notNull: false, key: false, ...more };
}

/** Pages of a table of so many rows, none of which was counted before the end is read. */
export function pagesOf(total: number, values: (at: number) => Row['values']) {
  let met = 0;
  return ({ from, count }: { from: number; count: number }): RowsPage => {
    const end = Math.min(total, from + count);
    const rows = Array.from({ length: Math.max(0, end - from) }, (_, index) => ({
      at: from + index,
      values: values(from + index),
    }));
    met = Math.max(met, end);
    const complete = from + count > total;
    const known = {
      rows: complete ? total : met,
      complete,
      estimate: complete ? total : Math.round(total * 0.9),
    };
    return { from, rows, known, end: complete, fault: null };
  };
}
