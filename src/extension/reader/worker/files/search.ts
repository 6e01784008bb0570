import type { Entry } from '../../../../engine/archive';
import type { FileMatch, ReaderCalls } from '../../contract';
import { breathe } from '../answer';
import { shownDefinition } from '../definition';
import { headLines } from './script';
import type { FileTree } from './tree';

/** Definitions looked at before others get a turn. */
const turn = 2_000;

/** Characters shown of a line. */
const shown = 200;

/** Lines of definitions that hold a text, in the order of the dump. */
export async function searchScripts(
  entries: readonly Entry[],
  files: FileTree,
  { text, matchCase, limit }: Parameters<ReaderCalls['searchFiles']>[0],
  signal: AbortSignal,
): Promise<FileMatch[]> {
  const folded = (one: string): string => (matchCase ? one : one.toLowerCase());
  const wanted = folded(text);
  const found: FileMatch[] = [];
  for (const [index, entry] of entries.entries()) {
    const { id, kind, schema, name } = entry;
    if (index % turn === 0) await breathe(signal);
    const definition = shownDefinition(entry);
    const file = files.pathOf('definition', id);
    if (file === undefined || !folded(definition).includes(wanted)) continue;
    for (const [line, whole] of definition.trim().split('\n').entries()) {
      const column = folded(whole).indexOf(wanted);
      if (column < 0) continue;
      const from = Math.max(0, column - shown / 2);
      const part = whole.slice(from, from + shown).trim();
      found.push({ file, kind, schema, name, text: part, line: headLines + line, column });
      if (found.length >= limit) return found;
    }
  }
  return found;
}
