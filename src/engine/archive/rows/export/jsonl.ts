import type { ExportTable, LongRowWriter, RowWriter } from './types';

const NUMBER_TYPE =
  /^(?:(?:small|big)?int(?:eger)?|int[248]|oid|numeric|decimal|real|float[48]?|double precision)(?:\s*\([\d ,]*\))?$/i;
const BOOLEAN_TYPE = /^bool(?:ean)?$/i;
const JSON_TYPE = /^jsonb?$/i;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * One object per line. Numbers are written as the dump has them, with all their digits; json and jsonb as they are, on
 * one line; NULL as null; DEFAULT not at all; everything else, NaN and what is no JSON too, as strings.
 */
export function jsonlWriter({ columns }: ExportTable): RowWriter {
  const keys = columns.map(({ name }) => `${JSON.stringify(name)}:`);
  const key = (column: number): string => (keys[column] ??= `"column${column + 1}":`);
  const kinds = columns.map(({ type }) => kindOf(type?.replace(/^(?:pg_catalog\.)/, '') ?? ''));
  const value = (text: string | null, column: number): string => {
    if (text === null) return 'null';
    switch (kinds[column]) {
      case 'number':
        if (NUMBER.test(text)) return text;
        break;
      case 'boolean':
        if (text === 't' || text === 'f') return text === 't' ? 'true' : 'false';
        break;
      case 'json':
        if (isJson(text)) return text.replace(/[\r\n]+/g, ' ');
    }
    return JSON.stringify(text);
  };
  return {
    head: () => '',
    row: ({ values, defaults }) => {
      const parts: string[] = [];
      for (let i = 0; i < values.length; i++)
        if (!defaults?.includes(i)) parts.push(key(i) + value(values[i]!, i));
      return `{${parts.join(',')}}\n`;
    },
    longRow: () => new LongJson(key, value),
    tail: () => '',
  };
}

function kindOf(type: string): 'number' | 'boolean' | 'json' | null {
  if (NUMBER_TYPE.test(type)) return 'number';
  if (BOOLEAN_TYPE.test(type)) return 'boolean';
  return JSON_TYPE.test(type) ? 'json' : null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Values that come in pieces are strings, json too: whether they are JSON only their end would tell. */
class LongJson implements LongRowWriter {
  readonly #key: (column: number) => string;
  readonly #value: (text: string | null, column: number) => string;
  #values = 0;
  #inside = false;
  /** Half of a character, which must not be escaped by itself. */
  #half = '';

  constructor(key: (column: number) => string, value: (text: string | null, column: number) => string) {
    this.#key = key;
    this.#value = value;
  }

  value(column: number, text: string | null, last: boolean, isDefault = false): string {
    if (isDefault) return '';
    const begin = this.#inside ? '' : (this.#values++ === 0 ? '{' : ',') + this.#key(column);
    if (!this.#inside && last) return begin + this.#value(text, column);
    let whole = this.#half + (text ?? '');
    this.#half = '';
    const end = whole.charCodeAt(whole.length - 1);
    if (!last && end >= 0xd800 && end <= 0xdbff) {
      this.#half = whole.slice(-1);
      whole = whole.slice(0, -1);
    }
    const quote = this.#inside ? '' : '"';
    this.#inside = !last;
    return begin + quote + JSON.stringify(whole).slice(1, -1) + (last ? '"' : '');
  }

  end(): string {
    return this.#values === 0 ? '{}\n' : '}\n';
  }
}
