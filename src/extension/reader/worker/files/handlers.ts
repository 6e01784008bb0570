import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../../../engine/errors';
import type { Handlers } from '../../../../shared/rpc';
import type { FileFacts, ReaderCalls } from '../../contract';
import type { OpenedDump } from '../openedDump';
import { fileOfValue, readValue, valuePathLength, valuesFolder } from '../values/handlers';
import { beginning, fits, upTo } from './bounded';
import { hasLargeObjects, largeObjectNames, largeObjectOf, largeObjectsFolder } from './largeObjectFiles';
import { scriptOf } from './script';
import { searchScripts } from './search';
import { fileTree, type DumpFile, type FileTree } from './tree';

type FileCalls = Pick<
  Handlers<ReaderCalls>,
  'listFiles' | 'statFile' | 'readFile' | 'fileOf' | 'fileOfRows' | 'fileOfValue' | 'searchFiles'
>;

/** Folder of the beginnings of long tables: not listed, but read by their address. */
const firstRowsFolder = '(first rows)';

/** Text longer than this is no pleasure in any editor: of such a table the first rows are opened. */
const mostOfDocument = 16 * 1024 * 1024;
const mostOfFirstRows = 2 * 1024 * 1024;

export function fileHandlers(dump: OpenedDump): FileCalls {
  let built: FileTree | undefined;
  const tree = async (): Promise<FileTree> => {
    const { contents } = await dump.archive();
    return (built ??= fileTree(contents.entries));
  };
  return {
    async listFiles(path) {
      if (path[0] === largeObjectsFolder)
        return path.length === 1 ? { folders: [], files: await largeObjectNames(dump) } : null;
      const found = (await tree()).list(path);
      if (!found) return null;
      if (path.length === 0 && hasLargeObjects(dump)) found.folders.push(largeObjectsFolder);
      return found;
    },

    async statFile(path) {
      // Their length is known when they were read.
      if (path[0] === firstRowsFolder) return unread;
      if (path[0] === valuesFolder) return path.length < valuePathLength ? folder : unread;
      if (path[0] === largeObjectsFolder) return await statLargeObject(dump, path);
      const file = (await tree()).find(path);
      if (file === undefined) return null;
      return file === 'folder' ? folder : { folder: false, size: await sizeOf(dump, file) };
    },

    async readFile({ path, most }, signal) {
      const value = await readValue(dump, path, signal);
      if (value) return { bytes: value };
      const archive = await dump.archive();
      const oid = largeObjectOf(path);
      const first = path[0] === firstRowsFolder;
      const file = (await tree()).find(first ? path.slice(1) : path);
      if (oid === undefined && (file === undefined || file === 'folder')) throw noFile(path);
      const content =
        oid === undefined
          ? await contentOf(dump, file as DumpFile, signal)
          : archive.largeObject(oid, { signal });
      const goesOn = `… ${l10n.t('The table goes on; these are its first rows.')}\n`;
      const bytes = first ? await beginning(content, mostOfFirstRows, goesOn) : await upTo(content, most);
      if (!bytes) throw tooLong(path.at(-1) ?? '', most);
      return { bytes };
    },

    fileOf: async ({ what, id }) => (await tree()).pathOf(what, id) ?? null,

    async fileOfRows(id, signal) {
      const path = (await tree()).pathOf('rows', id);
      if (path === undefined) return null;
      const content = await contentOf(dump, { what: 'rows', id }, signal);
      return (await fits(content, mostOfDocument)) ? path : `${firstRowsFolder}/${path}`;
    },

    fileOfValue: (cell, signal) => fileOfValue(dump, cell, signal),
    searchFiles: async (query, signal) => searchScripts(dump.entries, await tree(), query, signal),
  };
}

const folder: FileFacts = { folder: true, size: 0 };

/** At least something: an editor may take 0 for an empty file. */
const unread: FileFacts = { folder: false, size: 1 };

async function statLargeObject(dump: OpenedDump, path: string[]): Promise<FileFacts | null> {
  if (path.length === 1) return hasLargeObjects(dump) ? folder : null;
  const oid = largeObjectOf(path);
  const object = (await dump.largeObjects()).find((one) => one.oid === oid);
  return object ? { folder: false, size: Math.max(1, object.bytes ?? 1) } : null;
}

async function contentOf(
  dump: OpenedDump,
  { what, id }: DumpFile,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const archive = await dump.archive();
  return what === 'rows'
    ? archive.exportRows(id, { format: 'csv', signal })
    : only(Buffer.from(scriptOf(archive.entry(id))));
}

async function* only(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** Of definitions exact; of rows as stored. */
async function sizeOf(dump: OpenedDump, { what, id }: DumpFile): Promise<number> {
  const entry = (await dump.archive()).entry(id);
  return what === 'rows' ? Math.max(1, entry.bytes ?? 1) : Buffer.byteLength(scriptOf(entry));
}

function noFile(path: string[]): RestorePointError {
  return new RestorePointError({
    code: 'archive.noEntry',
    what: l10n.t('The dump holds no file "{0}".', path.join('/')),
    why: '',
    next: '',
  });
}

function tooLong(name: string, most: number): RestorePointError {
  return new RestorePointError({
    code: 'reader.tooLong',
    what: l10n.t('"{0}" is longer than {1} MB.', name, most / 1024 / 1024),
    why: l10n.t('The editor holds a file as a whole.'),
    next: l10n.t('Look at it in the contents of the dump, or export it from there.'),
  });
}
