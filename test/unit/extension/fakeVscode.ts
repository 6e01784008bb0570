import Module from 'node:module';

type Loader = (request: string, ...rest: unknown[]) => unknown;

/** Gives `import … from 'vscode'` a stand-in while a test runs; the real one lives in the editor only. */
export function fakeVscode(fake: Record<string, unknown>): { restore(): void } {
  const loader = Module as unknown as { _load: Loader };
  const original = loader._load;
  loader._load = function (this: unknown, request, ...rest) {
    return request === 'vscode' ? fake : original.call(this, request, ...rest);
  };
  return { restore: () => void (loader._load = original) };
}

/** Whole sentences with their placeholders filled, as the editor does without a translation. */
export const l10n = {
  t: (text: string, ...args: unknown[]): string =>
    text.replace(/\{(\d+)\}/g, (_, index: string) => String(args[Number(index)])),
};
