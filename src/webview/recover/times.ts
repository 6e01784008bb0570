/** `2026-11-20 13:57:04.120`, by the reader's clock. */
export function timeText(ms: number): string {
  const date = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** `+01:00`: of the reader's clock at that moment. */
export function zoneText(ms: number): string {
  const minutes = -new Date(ms).getTimezoneOffset();
  const two = (value: number): string => String(Math.trunc(value)).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`;
}

/** What was typed as ISO 8601 with a zone, all its digits kept; text that is no time stays as it is. */
export function typedTime(text: string): string {
  const iso = text
    .trim()
    .replace(' ', 'T')
    .replace(/\s+/g, '')
    // PostgreSQL's short zones.
    .replace(/(T.*[+-]\d\d):?(\d\d)?$/, (_, hours: string, minutes = '00') => `${hours}:${minutes}`);
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return text.trim();
  // A day alone begins at midnight by the reader's clock, too.
  if (/^\d{4}-\d\d-\d\d$/.test(iso)) return typedTime(`${iso}T00:00:00`);
  return /(?:Z|[+-]\d\d(?::?\d\d)?)$/i.test(iso) ? iso : `${iso}${zoneText(time)}`;
}

/** As a field shows it: without the zone where it is the reader's. */
export function shownTime(iso: string): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return iso;
  const [, digits] = /\.(\d+)/.exec(iso) ?? [];
  // Microseconds are the server's, and kept.
  return digits && digits.length > 3 ? timeText(time).replace(/\.\d+$/, `.${digits}`) : timeText(time);
}

/** A sentence with the moments in it by the reader's clock, as the field of the target has them. */
export function withLocalTimes(sentence: string): string {
  return sentence.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)/g, shownTime);
}
