import type { Command } from '../command';

export const refreshBackups: Command = {
  id: 'restorePoint.refreshBackups',
  run({ backups }) {
    backups.refresh();
    return Promise.resolve();
  },
};
