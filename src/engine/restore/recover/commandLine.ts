import { quoteWord } from '../../tools';
import { targetText } from './target';
import type { RecoveryRequest } from './types';

/** The `restore-point recover …` that asks for the same. */
export function recoverCommand(request: Omit<RecoveryRequest, 'keepAs'>): string {
  const words = ['restore-point', 'recover'];
  const flag = (name: string, value?: string | number | boolean): void => {
    if (value === undefined || value === false) return;
    words.push(`--${name}`, ...(value === true ? [] : [String(value)]));
  };
  flag('target', targetText(request.target));
  flag('exclusive', request.exclusive);
  flag('timeline', request.timeline);
  for (const place of request.backups) flag('backups', place);
  flag('from', request.from);
  flag('wal', request.wal);
  flag('into', request.directory);
  flag('port', request.port);
  flag('socket-dir', request.socketFolder);
  flag('user', request.user);
  for (const [from, to] of Object.entries(request.tablespaces ?? {}))
    flag('tablespace-mapping', `${from}=${to}`);
  flag('copy-method', request.way);
  return words.map(quoteWord).join(' ');
}
