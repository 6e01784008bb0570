import * as l10n from '@vscode/l10n';

/** `80 MB`, `1.3 GB`: powers of 1024, as PostgreSQL's own `pg_size_pretty`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let unit = 0;
  let value = bytes;
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** `0.4 s`, `26 s`, `4 min 10 s`, `2 h 5 min`. */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 9.95) return l10n.t('{0} s', seconds.toFixed(1));
  if (seconds < 59.5) return l10n.t('{0} s', Math.round(seconds));
  const whole = Math.round(seconds);
  if (whole < 3600) return l10n.t('{0} min {1} s', Math.floor(whole / 60), whole % 60);
  const minutes = Math.round(whole / 60);
  return l10n.t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}
