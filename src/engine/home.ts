import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where the engine keeps what the editor, the command line and cron share. `RESTORE_POINT_HOME` moves
 * everything below one folder (tests, portable use).
 */
export interface Home {
  /** `connections.json`, `presets.json`: small, worth keeping. */
  config: string;
  /** `jobs/`, `locks/`: may be deleted when nothing runs. */
  state: string;
  /** Where backups go when no folder is named. */
  backups: string;
}

export function home(env: NodeJS.ProcessEnv = process.env): Home {
  const root = env.RESTORE_POINT_HOME;
  if (root)
    return { config: join(root, 'config'), state: join(root, 'state'), backups: join(root, 'backups') };
  const user = homedir();
  const backups = join(user, 'restore-point');
  if (process.platform === 'win32') {
    const local = join(env.LOCALAPPDATA || join(user, 'AppData', 'Local'), 'restore-point');
    return { config: join(local, 'config'), state: join(local, 'state'), backups };
  }
  if (process.platform === 'darwin') {
    const support = join(user, 'Library', 'Application Support', 'restore-point');
    return { config: support, state: join(support, 'state'), backups };
  }
  return {
    config: join(env.XDG_CONFIG_HOME || join(user, '.config'), 'restore-point'),
    state: join(env.XDG_STATE_HOME || join(user, '.local', 'state'), 'restore-point'),
    backups,
  };
}
