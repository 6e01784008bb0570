import * as l10n from '@vscode/l10n';
import { checkWal } from './check';
import { parseWalName } from './names';
import type { WalFault, WalSource } from './types';

/** The segments of these names that an archive has not, or not whole (`….partial`). */
export async function missingSegments(
  source: WalSource,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<string[]> {
  const found = new Set((await source.list(signal ? { signal } : {})).map(({ name }) => baseOf(name)));
  return names.filter((name) => !found.has(name));
}

/** Sizes and times of these segments' files: whether they are still being written. */
export async function stampOf(
  source: WalSource,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  return (await source.list(signal ? { signal } : {}))
    .filter(({ name }) => names.includes(baseOf(name) ?? ''))
    .map(({ path, bytes, modified }) => `${path} ${bytes} ${modified}`)
    .sort()
    .join('\n');
}

/** What is wrong with these segments of an archive, read to their last record; another cluster's are a fault. */
export async function checkSegments(
  source: WalSource,
  names: readonly string[],
  systemIdentifier: string,
  signal?: AbortSignal,
): Promise<WalFault[]> {
  const wanted = new Set(names);
  const some: WalSource = {
    name: source.name,
    list: async (options) =>
      (await source.list(options)).filter(({ name }) => wanted.has(baseOf(name) ?? '')),
    open: (file, options) => source.open(file, options),
  };
  const { archive, faults } = await checkWal(some, { deep: true, ...(signal ? { signal } : {}) });
  const harmful = faults.filter(({ harmless }) => !harmless);
  if (archive.systemIdentifier === null || archive.systemIdentifier === systemIdentifier) return harmful;
  const what = l10n.t('It is WAL of another cluster: system identifier {0}.', archive.systemIdentifier);
  return [...harmful, { file: source.name, kind: 'foreign', offset: null, lsn: null, what }];
}

function baseOf(name: string): string | null {
  const parsed = parseWalName(name);
  return parsed?.kind === 'segment' ? parsed.base : null;
}
