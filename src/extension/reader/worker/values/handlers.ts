import { safeName } from '../files/names';
import type { OpenedDump } from '../openedDump';
import { valueDocument, type ValueDocument } from './valueDocument';

/** Folder of single values: not listed, but read by their address. */
export const valuesFolder = '(values)';

/** Folder, entry, row, column, name. */
export const valuePathLength = 5;

/** Characters of a value shown as a document: more than any editor is happy with. */
const mostOfValue = 16 * 1024 * 1024;

interface Cell {
  id: number;
  row: number;
  column: number;
}

/** Where a value is a document: its kind is in the name. Null for NULL. */
export async function fileOfValue(dump: OpenedDump, cell: Cell, signal: AbortSignal): Promise<string | null> {
  const document = await documentOf(dump, cell, signal);
  if (!document) return null;
  const { id, row, column } = cell;
  const { name } = (await dump.archive()).columns(id)[column] ?? { name: String(column) };
  return [valuesFolder, id, row, column, `${safeName(name)}.${document.extension}`].join('/');
}

/** The value a path in the folder names; undefined for what is none. */
export async function readValue(
  dump: OpenedDump,
  path: readonly string[],
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const [folder, ...numbers] = path.slice(0, -1);
  const [id, row, column] = numbers.map(Number);
  if (path.length !== valuePathLength || folder !== valuesFolder) return undefined;
  if (id === undefined || row === undefined || column === undefined) return undefined;
  return (await documentOf(dump, { id, row, column }, signal))?.bytes;
}

async function documentOf(
  dump: OpenedDump,
  { id, row, column }: Cell,
  signal: AbortSignal,
): Promise<ValueDocument | undefined> {
  const { text, cut } = await valueText(dump, { id, row, column }, mostOfValue, signal);
  if (text === null) return undefined;
  return valueDocument(text, (await dump.archive()).columns(id)[column], cut);
}

/** A value up to a length. */
async function valueText(
  dump: OpenedDump,
  { id, row, column }: Cell,
  most: number,
  signal: AbortSignal,
): Promise<{ text: string | null; cut: boolean }> {
  const archive = await dump.archive();
  const pieces = await archive.value(id, row, column, { signal });
  if (!pieces) return { text: null, cut: false };
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length > most) return { text: text.slice(0, most), cut: true };
  }
  return { text, cut: false };
}
