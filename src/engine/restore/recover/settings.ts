import type { RecoveryTarget } from '../../physical';

const names = [
  'recovery_target',
  'recovery_target_lsn',
  'recovery_target_name',
  'recovery_target_time',
  'recovery_target_xid',
];

/**
 * What the configuration of a standby says of its own recovery. In a copy it would remove WAL from the original's archive, run the
 * original's commands, and wait for hours before each commit.
 */
const ofStandby = {
  archive_cleanup_command: '',
  recovery_end_command: '',
  recovery_min_apply_delay: '0',
};

/** The settings that end a recovery at a target, where it waits to be looked at (chapter "Recovery Target" of the manual). */
export function targetSettings(
  target: RecoveryTarget,
  { exclusive = false, timeline }: { exclusive?: boolean; timeline: number },
): Record<string, string> {
  const chosen = settingOf(target);
  return {
    // Only one may be set, whatever the original's configuration says; emptying another after it counts as setting two.
    ...Object.fromEntries(names.filter((name) => !(name in chosen)).map((name) => [name, ''])),
    ...chosen,
    recovery_target_inclusive: exclusive ? 'off' : 'on',
    recovery_target_timeline: String(timeline),
    recovery_target_action: 'pause',
    // Readers are let in while it waits.
    hot_standby: 'on',
    ...ofStandby,
  };
}

/** All WAL there is, on the newest timeline, then open for writing. */
export function latestSettings(): Record<string, string> {
  return {
    ...targetSettings({ kind: 'latest' }, { timeline: 0 }),
    recovery_target_timeline: 'latest',
    recovery_target_action: 'promote',
  };
}

function settingOf(target: RecoveryTarget): Record<string, string> {
  switch (target.kind) {
    case 'latest':
      return {};
    case 'immediate':
      return { recovery_target: 'immediate' };
    case 'time':
      return { recovery_target_time: timeSetting(target.time) };
    case 'lsn':
      return { recovery_target_lsn: target.lsn };
    case 'xid':
      return { recovery_target_xid: target.xid };
    case 'name':
      return { recovery_target_name: target.name };
  }
}

/**
 * Microseconds stay; a time without a zone is one of this machine. The zone is written as a number: names of zones, Z among them,
 * are not known yet when the server reads its configuration.
 */
function timeSetting(time: string): string {
  const zoned = /(?:Z|[+-]\d\d(?::?\d\d)?)$/i.test(time) ? time : new Date(time).toISOString();
  return zoned.replace(/Z$/i, '+00');
}
