/** How the characters of an encoding lie in bytes. */
export interface Encoding {
  /** PostgreSQL's name. */
  name: string;
  /** Of TextDecoder; null where Node decodes it itself, or nothing does. */
  label: string | null;
  /**
   * Bytes of the character that begins with a byte from 0x80 on. Source: the pg_*_mblen functions of PostgreSQL's
   * wchar.c.
   */
  length: (bytes: Uint8Array, at: number) => number;
  /** Whether bytes below 0x80 are only ever characters of their own: then a backslash is a backslash. */
  asciiSafe: boolean;
}

const one = (): number => 1;
const two = (): number => 2;
const utf8 = (bytes: Uint8Array, at: number): number => {
  const byte = bytes[at]!;
  return byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf8 ? 4 : 1;
};
const eucJp = (bytes: Uint8Array, at: number): number => (bytes[at] === 0x8f ? 3 : 2);
const eucTw = (bytes: Uint8Array, at: number): number =>
  bytes[at] === 0x8e ? 4 : bytes[at] === 0x8f ? 3 : 2;
const sjis = (bytes: Uint8Array, at: number): number => (bytes[at]! >= 0xa1 && bytes[at]! <= 0xdf ? 1 : 2);
const gb18030 = (bytes: Uint8Array, at: number): number =>
  bytes[at + 1] !== undefined && bytes[at + 1]! >= 0x30 && bytes[at + 1]! <= 0x39 ? 4 : 2;
const mule = (bytes: Uint8Array, at: number): number => {
  const byte = bytes[at]!;
  if (byte >= 0x81 && byte <= 0x8d) return 2;
  if (byte === 0x9a || byte === 0x9b || (byte >= 0x90 && byte <= 0x99)) return 3;
  return byte === 0x9c || byte === 0x9d ? 4 : 1;
};

const encoding = (
  name: string,
  label: string | null,
  length: Encoding['length'] = one,
  asciiSafe = true,
): Encoding => ({ name, label, length: asciiSafe ? length : unbroken(length), asciiSafe });

/** No character ends in a byte below 0x30: a broken one must not take a tab or line feed with it. */
function unbroken(length: Encoding['length']): Encoding['length'] {
  return (bytes, at) => {
    const end = at + length(bytes, at);
    for (let i = at + 1; i < end; i++) if (bytes[i]! < 0x30) return i - at;
    return end - at;
  };
}

const ENCODINGS: Encoding[] = [
  encoding('UTF8', null, utf8),
  // Unknown bytes: read as UTF-8 where they fit.
  encoding('SQL_ASCII', null, utf8),
  encoding('LATIN1', null),
  encoding('LATIN2', 'iso-8859-2'),
  encoding('LATIN3', 'iso-8859-3'),
  encoding('LATIN4', 'iso-8859-4'),
  encoding('LATIN5', 'windows-1254'),
  encoding('LATIN6', 'iso-8859-10'),
  encoding('LATIN7', 'iso-8859-13'),
  encoding('LATIN8', 'iso-8859-14'),
  encoding('LATIN9', 'iso-8859-15'),
  encoding('LATIN10', 'iso-8859-16'),
  encoding('ISO_8859_5', 'iso-8859-5'),
  encoding('ISO_8859_6', 'iso-8859-6'),
  encoding('ISO_8859_7', 'iso-8859-7'),
  encoding('ISO_8859_8', 'iso-8859-8'),
  ...[1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258].map((page) =>
    encoding(`WIN${page}`, `windows-${page}`),
  ),
  encoding('WIN866', 'ibm866'),
  encoding('WIN874', 'windows-874'),
  encoding('KOI8R', 'koi8-r'),
  encoding('KOI8U', 'koi8-u'),
  encoding('EUC_JP', 'euc-jp', eucJp),
  encoding('EUC_JIS_2004', null, eucJp),
  encoding('EUC_KR', 'euc-kr', eucJp),
  encoding('EUC_CN', 'gbk', two),
  encoding('EUC_TW', null, eucTw),
  encoding('MULE_INTERNAL', null, mule),
  encoding('UHC', 'euc-kr', two, false),
  encoding('JOHAB', null, eucJp, false),
  encoding('GBK', 'gbk', two, false),
  encoding('GB18030', 'gb18030', gb18030, false),
  encoding('SJIS', 'shift_jis', sjis, false),
  encoding('SHIFT_JIS_2004', null, sjis, false),
  encoding('BIG5', 'big5', two, false),
];

/** Other names PostgreSQL accepts, without what is neither letter nor digit. Source: encnames.c. */
const ALIASES: Record<string, string> = {
  unicode: 'utf8',
  abc: 'win1258',
  tcvn: 'win1258',
  tcvn5712: 'win1258',
  vscii: 'win1258',
  alt: 'win866',
  win: 'win1251',
  koi8: 'koi8r',
  mskanji: 'sjis',
  shiftjis: 'sjis',
  win932: 'sjis',
  win936: 'gbk',
  win949: 'uhc',
  win950: 'big5',
  iso88591: 'latin1',
  iso88592: 'latin2',
  iso88593: 'latin3',
  iso88594: 'latin4',
  iso88599: 'latin5',
  iso885910: 'latin6',
  iso885913: 'latin7',
  iso885914: 'latin8',
  iso885915: 'latin9',
  iso885916: 'latin10',
};

const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
const BY_NAME = new Map(ENCODINGS.map((known) => [plainName(known.name), known]));

/** One of PostgreSQL's encodings by any name the server takes; unknown ones are read as SQL_ASCII. */
export function encodingNamed(name: string): Encoding {
  const plain = plainName(name).replace(/^windows/, 'win');
  return BY_NAME.get(ALIASES[plain] ?? plain) ?? BY_NAME.get('sqlascii')!;
}
