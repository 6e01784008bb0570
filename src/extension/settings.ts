import * as vscode from 'vscode';
import type { Format } from '../engine/artifacts/types';
import type { UserCheck } from '../engine/plan';
import type { SettingKey } from './ids';

interface SettingTypes {
  'backups.folder': string;
  'backups.folders': string[];
  'backups.format': Extract<Format, 'custom' | 'directory' | 'tar' | 'plain'>;
  'backups.verify': 'checksum' | 'contents';
  /** Percent. */
  'backups.rowsMayFall': number;
  'backups.groupBy': 'database' | 'day';
  /** Restore points of a database. */
  'points.keep': number;
  'rehearsal.checks': UserCheck[];
  'rehearsal.heapAllIndexed': boolean;
  /** Full base backups of a cluster. */
  'baseBackups.keep': number;
  /** Days. */
  'baseBackups.keepDays': number;
  /** Days. */
  'points.keepDays': number;
  'connections.discover': boolean;
  /** Megabytes. */
  'contents.memory': number;
  /** Megabytes. */
  'contents.disk': number;
  'tools.folders': string[];
  'tools.prefix': string[];
  'jobs.maxParallel': number;
}

/** The value in force; the default stands in package.json. */
export function setting<K extends SettingKey>(key: K): SettingTypes[K] {
  return vscode.workspace.getConfiguration('restorePoint').get(key) as SettingTypes[K];
}

/** Writes a user setting. */
export async function updateSetting<K extends SettingKey>(key: K, value: SettingTypes[K]): Promise<void> {
  await vscode.workspace
    .getConfiguration('restorePoint')
    .update(key, value, vscode.ConfigurationTarget.Global);
}

export function onSetting(keys: SettingKey[], listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (keys.some((key) => event.affectsConfiguration(`restorePoint.${key}`))) listener();
  });
}
