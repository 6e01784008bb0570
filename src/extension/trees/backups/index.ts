import * as vscode from 'vscode';
import type { Artifact } from '../../../engine/artifacts/types';
import type { Backups } from '../../backups';
import { day, oneLine } from '../../format';
import { contextKeys, viewIds } from '../../ids';
import { onSetting, setting } from '../../settings';
import type { TreeNode } from '../node';
import { Tree } from '../tree';
import { BackupNode, sourceText } from './backup';

/** A database or a day over its backups. */
class BackupGroupNode implements TreeNode {
  readonly id: string;
  readonly target = {};
  readonly #label: string;
  readonly #nodes: BackupNode[];

  constructor(label: string, artifacts: Artifact[], by: 'database' | 'day') {
    this.id = `${by}:${label}`;
    this.#label = label;
    this.#nodes = artifacts.map((artifact) => new BackupNode(this, artifact, by));
  }

  item(): vscode.TreeItem {
    const item = new vscode.TreeItem(oneLine(this.#label), vscode.TreeItemCollapsibleState.Expanded);
    item.description = String(this.#nodes.length);
    item.contextValue = 'heading';
    return item;
  }

  children(): Promise<TreeNode[]> {
    return Promise.resolve(this.#nodes);
  }
}

/** Backups of the listed folders, newest first, under their database or their day. */
export class BackupsTree extends Tree {
  readonly #backups: Backups;
  #filter = '';

  constructor({ backups }: { backups: Backups }) {
    super(viewIds.backups, () => this.#roots(), { several: true });
    this.#backups = backups;
    this.own(backups.onDidChange(() => this.refresh()));
    this.own(onSetting(['backups.groupBy'], () => this.#showGrouping()));
    this.#showGrouping();
  }

  get filter(): string {
    return this.#filter;
  }

  /** Shows the backups that have every word in their source, path or note; nothing shows all. */
  setFilter(text: string): void {
    this.#filter = text.trim();
    this.view.message = this.#filter ? vscode.l10n.t('Filter: {0}', this.#filter) : undefined;
    void vscode.commands.executeCommand('setContext', contextKeys.backupsFiltered, this.#filter !== '');
    this.refresh();
  }

  #showGrouping(): void {
    void vscode.commands.executeCommand('setContext', contextKeys.backupGrouping, setting('backups.groupBy'));
    this.refresh();
  }

  async #roots(): Promise<TreeNode[]> {
    const by = setting('backups.groupBy');
    const groups = new Map<string, Artifact[]>();
    for (const artifact of await this.#backups.list()) {
      if (!matches(artifact, this.#filter)) continue;
      const label = groupOf(artifact, by);
      groups.set(label, [...(groups.get(label) ?? []), artifact]);
    }
    return [...groups].map(([label, artifacts]) => new BackupGroupNode(label, artifacts, by));
  }
}

function groupOf(artifact: Artifact, by: 'database' | 'day'): string {
  if (artifact.partial) return vscode.l10n.t('Left over');
  if (by === 'day') return day(artifact.createdAt);
  return sourceText(artifact) ?? vscode.l10n.t('Found elsewhere');
}

function matches(artifact: Artifact, filter: string): boolean {
  const { source, path, manifest } = artifact;
  const text = [path, source.database, source.connection, source.server, manifest?.notes]
    .join('\n')
    .toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
