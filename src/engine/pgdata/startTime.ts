/**
 * The time a label has, as a date. Zones are written as abbreviations: UTC and those with numbers are certain, for
 * others the zone of this machine is the best guess. Null for what is no time.
 */
export function startTime(text: string): Date | null {
  const [, day, clock, zone = ''] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) ?(\S*)$/.exec(text) ?? [];
  if (!day || !clock) return null;
  const sure = /^(?:UTC|GMT)$/.test(zone) ? 'Z' : /^[+-]\d\d$/.test(zone) ? `${zone}:00` : '';
  const found = new Date(`${day}T${clock}${sure}`);
  return Number.isNaN(found.getTime()) ? null : found;
}
