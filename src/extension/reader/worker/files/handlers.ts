import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../../../engine/errors';
import type { Entry } from '../../../../engine/archive';
import type { Handlers } from '../../../../shared/rpc';
import type { FileMatch, ReaderCalls } from '../../contract';
import { breathe } from '../answer';
import type { OpenedDump } from '../openedDump';
import { fileOfValue, readValue, valuePathLength, valuesFolder } from '../values/handlers';
import { headLines, scriptOf } from './script';
import { fileTree, type DumpFile, type FileTree } from './tree';

type FileCalls = Pick<
  Handlers<ReaderCalls>,
  'listFiles' | 'statFile' | 'readFile' | 'fileOf' | 'fileOfRows' | 'fileOfValue' | 'searchFiles'
>;

/** Definitions looked at before others get a turn. */
const turn = 2_000;

/** Folder of the beginnings of long tables: not listed, but read by their address. */
const firstRowsFolder = '(first rows)';

/** Text longer than this is no pleasure in any editor: of such a table the first rows are opened. */
const mostOfDocument = 16 * 1024 * 1024;
const mostOfFirstRows = 2 * 1024 * 1024;

/** Characters shown around what was found. */
const around = 200;

export function fileHandlers(dump: OpenedDump): FileCalls {
  let building: Promise<FileTree> | undefined;
  const tree = (): Promise<FileTree> => {
    building ??= dump.largeObjects().then(
      (objects) => fileTree(dump.entries, objects),
      // Without them, where their list is damaged.
      () => fileTree(dump.entries, []),
    );
    return building;
  };
  return {
    listFiles: async (path) => (await tree()).list(path) ?? null,

    async statFile(path) {
      // Its length is known when it was read.
      if (path[0] === firstRowsFolder) return { folder: false, size: 1 };
      if (path[0] === valuesFolder) return { folder: path.length < valuePathLength, size: 1 };
      const file = (await tree()).find(path);
      if (file === undefined) return null;
      if (file === 'folder') return { folder: true, size: 0 };
      return { folder: false, size: await sizeOf(dump, file) };
    },

    async readFile({ path, most }, signal) {
      const value = await readValue(dump, path, signal);
      if (value) return { bytes: value };
      const first = path[0] === firstRowsFolder;
      const file = (await tree()).find(first ? path.slice(1) : path);
      if (file === undefined || file === 'folder') throw noFile(path);
      const content = await contentOf(dump, file, signal);
      const bytes = first ? await beginning(content) : await upTo(content, most);
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

    async searchFiles({ text, matchCase, limit }, signal) {
      const files = await tree();
      const wanted = matchCase ? text : text.toLowerCase();
      const found: FileMatch[] = [];
      for (const [index, entry] of dump.entries.entries()) {
        if (index % turn === 0) await breathe(signal);
        const file = files.pathOf('definition', entry.id);
        if (file === undefined) continue;
        for (const match of matchesIn(entry, wanted, matchCase, file)) {
          found.push(match);
          if (found.length >= limit) return found;
        }
      }
      return found;
    },
  };
}

/** Every line of a definition that holds the text. */
function* matchesIn(entry: Entry, wanted: string, matchCase: boolean, file: string): Iterable<FileMatch> {
  const { kind, schema, name } = entry;
  const searched = matchCase ? entry.definition : entry.definition.toLowerCase();
  if (!searched.includes(wanted)) return;
  for (const [index, whole] of entry.definition.trim().split('\n').entries()) {
    const column = (matchCase ? whole : whole.toLowerCase()).indexOf(wanted);
    if (column < 0) continue;
    const from = Math.max(0, column - around / 2);
    yield {
      file,
      kind,
      schema,
      name,
      text: whole.slice(from, from + around).trim(),
      line: headLines + index,
      column,
    };
  }
}

/** The beginning up to the end of a line, with a last line that says so. */
async function beginning(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of content) {
    parts.push(part);
    length += part.length;
    if (length > mostOfFirstRows) break;
  }
  const bytes = Buffer.concat(parts);
  const end = bytes.subarray(0, mostOfFirstRows).lastIndexOf('\n') + 1;
  return Buffer.concat([
    bytes.subarray(0, end),
    Buffer.from(`… ${l10n.t('The table goes on; these are its first rows.')}\n`),
  ]);
}

/** All of it in one piece; undefined when it is longer. */
async function upTo(content: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of content) {
    length += part.length;
    if (length > most) return undefined;
    parts.push(part);
  }
  // A copy of its own, so that it can change hands.
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

async function fits(content: AsyncIterable<Uint8Array>, most: number): Promise<boolean> {
  let length = 0;
  for await (const part of content) {
    length += part.length;
    if (length > most) return false;
  }
  return true;
}

async function* one(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(bytes);
}

async function contentOf(
  dump: OpenedDump,
  file: DumpFile,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const archive = await dump.archive();
  switch (file.what) {
    case 'definition':
      return one(Buffer.from(scriptOf(archive.entry(file.id))));
    case 'rows':
      return archive.exportRows(file.id, { format: 'csv', signal });
    case 'largeObject':
      return archive.largeObject(file.oid, { signal });
  }
}

/** Of definitions exact; of rows as stored, at least something: an editor may take 0 for an empty file. */
async function sizeOf(dump: OpenedDump, file: DumpFile): Promise<number> {
  const archive = await dump.archive();
  switch (file.what) {
    case 'definition':
      return Buffer.byteLength(scriptOf(archive.entry(file.id)));
    case 'rows':
      return Math.max(1, archive.entry(file.id).bytes ?? 1);
    case 'largeObject': {
      const object = (await dump.largeObjects()).find(({ oid }) => oid === file.oid);
      return Math.max(1, object?.bytes ?? 1);
    }
  }
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
