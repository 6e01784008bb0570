import type { Column } from '../../../../engine/archive';
import { visibleBytes } from '../../../../shared/visibleText';
import { sniff } from '../../sniff';
import { indentJson } from './indentJson';

/** A value as a document of its own. */
export interface ValueDocument {
  /** Without the dot. */
  extension: string;
  bytes: Uint8Array;
}

/** Bytes of one line of a hex listing. */
const perLine = 16;

/**
 * JSON is laid out, pictures are bytes, other bytes are listed; the rest is text as it is.
 *
 * @param cut it is only the beginning of the value
 */
export function valueDocument(text: string, column: Column | undefined, cut: boolean): ValueDocument {
  const type = column?.type ?? '';
  const asText = (extension: string, content: string): ValueDocument => ({
    extension,
    bytes: Buffer.from(visibleBytes(content)),
  });
  if (/^bytea$/i.test(type) && text.startsWith('\\x')) return bytesDocument(text, cut);
  if (!cut && (/^jsonb?$/i.test(type) || /^\s*[{[]/.test(text)) && isJson(text))
    return asText('json', indentJson(text));
  if (/^xml$/i.test(type) || /^\s*<\?xml/.test(text)) return asText('xml', text);
  return asText('txt', text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function bytesDocument(text: string, cut: boolean): ValueDocument {
  const bytes = Buffer.from(text.slice(2), 'hex');
  const { kind, extension } = sniff(bytes, !cut);
  if (kind !== 'binary' && !(cut && kind === 'image')) return { extension, bytes };
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += perLine) {
    const some = bytes.subarray(at, at + perLine);
    const hex = [...some].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const shown = some.toString('latin1').replace(/[^ -~]/g, '.');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(perLine * 3 - 1)}  ${shown}`);
  }
  return { extension: 'hex.txt', bytes: Buffer.from(`${lines.join('\n')}\n`) };
}
