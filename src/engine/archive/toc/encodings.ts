import { TextDecoder } from 'node:util';

/** PostgreSQL's names of encodings that have another label in the WHATWG list. */
const LABELS: Record<string, string> = {
  UTF8: 'utf-8',
  UNICODE: 'utf-8',
  LATIN2: 'iso-8859-2',
  LATIN3: 'iso-8859-3',
  LATIN4: 'iso-8859-4',
  LATIN5: 'iso-8859-9',
  LATIN6: 'iso-8859-10',
  LATIN7: 'iso-8859-13',
  LATIN8: 'iso-8859-14',
  LATIN9: 'iso-8859-15',
  LATIN10: 'iso-8859-16',
  ISO_8859_5: 'iso-8859-5',
  ISO_8859_6: 'iso-8859-6',
  ISO_8859_7: 'iso-8859-7',
  ISO_8859_8: 'iso-8859-8',
  WIN866: 'ibm866',
  WIN874: 'windows-874',
  KOI8R: 'koi8-r',
  KOI8U: 'koi8-u',
  EUC_JP: 'euc-jp',
  EUC_KR: 'euc-kr',
  UHC: 'euc-kr',
  EUC_CN: 'gbk',
  GBK: 'gbk',
  GB18030: 'gb18030',
  SJIS: 'shift_jis',
  BIG5: 'big5',
};

/**
 * A decoder for texts in one of PostgreSQL's encodings. Bytes that do not decode show as U+FFFD.
 * SQL_ASCII and encodings the platform does not know: UTF-8 where it fits, else Latin-1.
 */
export function textDecoder(encoding: string): (bytes: Buffer) => string {
  if (encoding === 'UTF8') return (bytes) => bytes.toString('utf8');
  // The label iso-8859-1 means windows-1252 to TextDecoder.
  if (encoding === 'LATIN1') return (bytes) => bytes.toString('latin1');
  const label = LABELS[encoding] ?? (/^WIN(125\d)$/.test(encoding) ? `windows-${encoding.slice(3)}` : null);
  try {
    if (label) {
      const decoder = new TextDecoder(label);
      return (bytes) => decoder.decode(bytes);
    }
  } catch {
    // Built without this encoding.
  }
  const strict = new TextDecoder('utf-8', { fatal: true });
  return (bytes) => {
    try {
      return strict.decode(bytes);
    } catch {
      return bytes.toString('latin1');
    }
  };
}
