import { updateSetting } from '../../settings';
import type { Command } from '../command';

export const groupBackupsByDatabase: Command = {
  id: 'restorePoint.groupBackupsByDatabase',
  run: () => updateSetting('backups.groupBy', 'database'),
};

export const groupBackupsByDay: Command = {
  id: 'restorePoint.groupBackupsByDay',
  run: () => updateSetting('backups.groupBy', 'day'),
};
