import assert from 'node:assert/strict';
import type { ContentsHost, ListingPiece } from '../../src/shared/contentsPage';
import type { TestApi } from '../../src/extension/extension';
import { inside, run, until } from './support';

export type Page = NonNullable<TestApi['contentsEditor']['active']>;

/** The page of a dump, once it is open. */
export async function pageOf(dump: string): Promise<Page> {
  const { contentsEditor } = await inside();
  return await until(`a page of ${dump}`, () => contentsEditor.pagesOf(dump)[0]);
}

/** Opens a dump by the command and waits for its contents. */
export async function openDump(dump: string): Promise<Page> {
  await run('restorePoint.openContents', { artifact: dump });
  const page = await pageOf(dump);
  assert.equal((await call(page, 'ready', null)).problem, null);
  await until('all of its contents', () => page.document.opened?.complete);
  return page;
}

/** Calls the host as the page does. */
export async function call<K extends keyof ContentsHost>(
  page: Page,
  name: K,
  argument: Parameters<ContentsHost[K]>[0],
  signal = new AbortController().signal,
): Promise<Awaited<ReturnType<ContentsHost[K]>>> {
  return (await page.handlers[name](argument as never, signal)) as Awaited<ReturnType<ContentsHost[K]>>;
}

/** Lists everything in pieces, as the page does. */
export async function listAll(page: Page, pieceSize = 4_000): Promise<ListingPiece[]> {
  const pieces: ListingPiece[] = [];
  for (let from = 0; ; from += pieceSize) {
    const piece = await call(page, 'listing', { from, count: pieceSize });
    if (piece.ids.length === 0) return pieces;
    pieces.push(piece);
  }
}

/** The id of an entry of the first piece. */
export async function idOf(page: Page, kind: string, name: string): Promise<number> {
  const { ids, kinds, names, words } = await call(page, 'listing', { from: 0, count: 4_000 });
  const at = names.findIndex((one, i) => one === name && words.kinds[kinds[i] ?? -1] === kind);
  return ids[at] ?? assert.fail(`no ${kind} ${name}`);
}
