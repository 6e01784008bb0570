import { openUnwrapped, type Contents } from '../archive';
import { eachLine } from './lines';

/** One `SET name = value;` of the block pg_dump writes at the head of a script and after each `\connect`. */
export interface HeadSetting {
  line: number;
  name: string;
  value: string;
}

const setting = /^SET (?:SESSION )?(\w+)\s*(?:=|TO)\s*'?([^;']*)'?;\s*$/i;
const passing = /^(?:\s*$|--|SELECT pg_catalog\.set_config\(|\\(?:restrict|unrestrict|connect|encoding)\b)/;

/**
 * The settings in the heads of a script: at its beginning and after each of its `\connect`s. Reads no
 * further than it must.
 */
export async function headSettings(path: string, contents: Contents): Promise<HeadSetting[]> {
  const starts = new Set(
    contents.metaCommands.filter((m) => /^\\c(?:onnect)?\b/.test(m.text)).map((m) => m.line),
  );
  const found: HeadSetting[] = [];
  let left = starts.size;
  let inHead = true;
  const { stream } = await openUnwrapped(path);
  try {
    await eachLine(stream as AsyncIterable<Buffer>, (line, number) => {
      if (starts.has(number)) {
        inHead = true;
        left--;
      } else if (inHead) {
        const text = line.subarray(0, 500).toString('utf8');
        const set = setting.exec(number === 1 ? text.replace(/^\uFEFF/, '') : text);
        if (set) found.push({ line: number, name: set[1]!.toLowerCase(), value: set[2]!.trim() });
        else if (!passing.test(text.replace(/^\uFEFF/, ''))) inHead = false;
      }
      return inHead || left > 0;
    });
  } finally {
    stream.destroy();
  }
  return found;
}

/** The database a `\connect` goes to; null when it names none or cannot be read. */
export function connectedDatabase(command: string): string | null {
  const words = /^\\c(?:onnect)?\s+(.*)$/s.exec(command.trim())?.[1];
  if (!words) return null;
  const rest = words.replace(/^-reuse-previous=\w+\s+/, '').trim();
  const unquoted = rest.startsWith('"')
    ? rest.slice(1, rest.endsWith('"') ? -1 : undefined).replaceAll('""', '"')
    : rest;
  const conninfo = /^dbname='((?:[^'\\]|\\.)*)'/.exec(unquoted);
  if (conninfo) return conninfo[1]!.replace(/\\(.)/g, '$1');
  return rest.startsWith('"') ? unquoted : (/^\S+/.exec(rest)?.[0] ?? null);
}
