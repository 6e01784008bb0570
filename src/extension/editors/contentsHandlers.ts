import * as vscode from 'vscode';
import type { ContentsHost } from '../../shared/contentsPage';
import type { Handlers } from '../../shared/rpc';
import type { Services } from '../services';
import { act } from './actions';
import type { ContentsDocument } from './contentsDocument';
import { contentsTexts } from './contentsTexts';
import { documentCalls } from './documentCalls';
import { headOf } from './head';
import { largeObjectCalls } from './largeObjectCalls';
import { problemOf } from './problem';
import { restoreRows } from './restoreRows';
import { rowCalls } from './rowCalls';

/** What a contents page may call; most of it goes on to the reader's thread as it is. */
export function contentsHandlers(document: ContentsDocument, services: Services): Handlers<ContentsHost> {
  const { dump, path } = document;
  const { ticks } = services;
  return {
    async ready(_nothing, signal) {
      const page = { texts: contentsTexts(), locale: vscode.env.language };
      try {
        await document.open(signal);
        const keys = ticks.of(path);
        const ticked = keys.length ? await dump.call('idsOf', [...keys], signal) : [];
        return { ...page, head: headOf(document), ticked, problem: null };
      } catch (error) {
        return { ...page, head: headOf(document), ticked: [], problem: problemOf(error, document) };
      }
    },
    listing: (piece, signal) => dump.call('listing', piece, signal),
    findInDefinitions: (query, signal) => dump.call('findInDefinitions', query, signal),
    definition: (id, signal) => dump.call('definition', id, signal),
    dependencies: (id, signal) => dump.call('dependencies', id, signal),
    closure: (ids, signal) => dump.call('closure', ids, signal),
    ...rowCalls(document, services),
    ...documentCalls(document),
    ...largeObjectCalls(document, services),
    tick: async (ids) => ticks.set(path, ids.length ? await dump.call('keysOf', ids) : []),
    restoreRows: (what, signal) => restoreRows(document, services, what, signal),
    restoreTicked: async (ids) => {
      await vscode.commands.executeCommand('restorePoint.restorePage', { artifact: path, entries: ids });
    },
    act: (action, signal) => act(action, document, services, signal),
    copy: async (text) => {
      await vscode.env.clipboard.writeText(text);
    },
  };
}
