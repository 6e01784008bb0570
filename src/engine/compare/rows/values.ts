import { createHash } from 'node:crypto';
import { cutText } from '../../archive/comparing';
import type { ValueRules } from '../types';

/** Characters of a value that are kept; what is longer is compared whole and shown in part. */
export const LONGEST = 128 * 1024;

/** One spelling of every value of a type; two values that are the same to the database have the same. */
export type Canonical = (text: string) => string;

/** How values of a column are compared; null where their texts are. `type` as the definition says. */
export function canonicalOf(type: string | null, rules: ValueRules): Canonical | null {
  const name = type?.replace(/\s*\(.*?\)/g, '').toLowerCase() ?? '';
  switch (name) {
    case 'timestamp with time zone':
      return instant;
    case 'bytea':
      return bytes;
    case 'numeric':
      return rules.numeric === 'value' ? decimal : null;
    case 'json':
    case 'jsonb':
      return rules.json === 'value' ? document : null;
    default:
      return null;
  }
}

const STAMP =
  /^(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?([-+])(\d\d)(?::(\d\d)(?::(\d\d))?)?( BC)?$/;

/** Microseconds since 1970 in UTC; `infinity` and what is written otherwise stays. */
function instant(text: string): string {
  const found = STAMP.exec(text);
  if (!found) return text;
  const [
    ,
    year,
    month,
    day,
    hour,
    minute,
    second,
    fraction = '',
    sign,
    zoneHour,
    zoneMinute,
    zoneSecond,
    era,
  ] = found;
  const date = new Date(0);
  date.setUTCFullYear(era ? 1 - Number(year) : Number(year), Number(month) - 1, Number(day));
  const local =
    BigInt(date.getTime() / 1000) + BigInt(Number(hour) * 3600 + Number(minute) * 60 + Number(second));
  const ahead = Number(zoneHour) * 3600 + Number(zoneMinute ?? 0) * 60 + Number(zoneSecond ?? 0);
  const seconds = sign === '+' ? local - BigInt(ahead) : local + BigInt(ahead);
  return `${seconds * 1_000_000n + BigInt(fraction.padEnd(6, '0'))}`;
}

/** `\x` and hexadecimal digits, also of what `bytea_output = escape` wrote. */
function bytes(text: string): string {
  if (/^\\x(?:[0-9a-f]{2})*$/i.test(text)) return text.toLowerCase();
  const out = Buffer.alloc(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '\\') out[length++] = text.charCodeAt(at);
    else if (text[at + 1] === '\\') {
      out[length++] = 92;
      at++;
    } else {
      out[length++] = parseInt(text.slice(at + 1, at + 4), 8);
      at += 3;
    }
  }
  return `\\x${out.toString('hex', 0, length)}`;
}

/** Without zeros that change nothing. */
function decimal(text: string): string {
  const found = /^([-+]?)0*(\d*)(?:\.(\d*?)0*)?$/.exec(text);
  if (!found) return text;
  const [, sign, whole, fraction] = found;
  const digits = `${whole === '' ? '0' : whole}${fraction ? `.${fraction}` : ''}`;
  return sign === '-' && digits !== '0' ? `-${digits}` : digits;
}

/** Keys in one order, numbers by value, no blanks. */
function document(text: string): string {
  try {
    return JSON.stringify(
      JSON.parse(text, sorted as (this: unknown, key: string, value: unknown) => unknown),
    );
  } catch {
    return text;
  }
}

/** Numbers keep all their digits: as texts that no string can be. */
function sorted(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value === 'number') return { '\u0000': decimal(exponentless(context?.source ?? String(value))) };
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  return value;
}

/** `1.5e2` is 150; exponents no one could write out stay. */
function exponentless(source: string): string {
  const found = /^(-?)(\d+)(?:\.(\d+))?[eE]([-+]?\d{1,3})$/.exec(source);
  if (!found) return source;
  const [, sign, whole, fraction = '', exponent] = found;
  const point = whole!.length + Number(exponent);
  const digits = `${whole}${fraction}`;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits}${'0'.repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** A value as it is kept: cut where it is long, with what it is compared by where that is not its text. */
export interface KeptValue {
  text: string | null;
  /** Whole length in characters, of a cut one. */
  length?: number;
  by?: string;
}

export function kept(text: string | null, canonical: Canonical | null): KeptValue {
  if (text === null) return { text };
  const by = canonical?.(text) ?? text;
  if (text.length <= LONGEST) return by === text ? { text } : { text, by: short(by) };
  return { text: cutText(text, LONGEST), length: text.length, by: short(by) };
}

function short(by: string): string {
  return by.length <= LONGEST ? by : digest(createHash('sha256').update(by, 'utf16le').digest());
}

/** Something no value is: what is longer than is kept is compared by it. */
export function digest(sum: Buffer): string {
  return `\u0000${sum.toString('base64')}`;
}
