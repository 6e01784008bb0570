const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** `80 MB`, `1.3 GB`: powers of 1024, as the engine writes sizes everywhere (a page cannot ask it for each). */
export function bytesText(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit]}`;
}
