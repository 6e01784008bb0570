import type { RecoveryTarget } from '../../physical';

/** As the command line takes it. */
export function targetText(target: RecoveryTarget): string {
  switch (target.kind) {
    case 'latest':
    case 'immediate':
      return target.kind;
    case 'time':
      return target.time;
    case 'lsn':
      return target.lsn;
    case 'xid':
      return `xid:${target.xid}`;
    case 'name':
      return `name:${target.name}`;
  }
}
