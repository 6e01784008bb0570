import * as vscode from 'vscode';
import type { RestorePoint } from '../../../engine/points';
import { age, bytes, moment, oneLine } from '../../format';
import type { Target } from '../../target';
import { childId, type TreeNode } from '../node';

/** A state of a database that can be gone back to, under the database. */
export class PointNode implements TreeNode {
  readonly id: string;
  readonly parent: TreeNode;
  readonly target: Target;
  readonly #point: RestorePoint;

  constructor(parent: TreeNode, point: RestorePoint) {
    this.parent = parent;
    this.#point = point;
    this.id = childId(parent, `point:${point.id}`);
    this.target = { ...parent.target, point: point.id };
  }

  item(): vscode.TreeItem {
    const { createdAt, bytes: size, unfinished, kind } = this.#point;
    const item = new vscode.TreeItem(oneLine(this.#label()));
    const facts = [
      ...(createdAt ? [age(createdAt)] : []),
      ...(size === null ? [] : [bytes(size)]),
      ...(kind === 'dump' ? [vscode.l10n.t('dump')] : []),
    ];
    item.description = facts.join(' · ');
    item.iconPath = new vscode.ThemeIcon(unfinished ? 'warning' : 'history');
    item.contextValue = unfinished ? 'unfinishedPoint' : 'point';
    item.accessibilityInformation = {
      label: [vscode.l10n.t('Restore point'), this.#label(), ...facts].join(', '),
    };
    return item;
  }

  #label(): string {
    const { reason, note, createdAt, unfinished } = this.#point;
    if (unfinished) return vscode.l10n.t('unfinished, of an interrupted job');
    if (note.trim()) return note.replace(/\s+/g, ' ').trim();
    const when = moment(createdAt);
    return {
      manual: vscode.l10n.t('restore point, {0}', when),
      restore: vscode.l10n.t('before a restore, {0}', when),
      back: vscode.l10n.t('before going back, {0}', when),
    }[reason];
  }

  tooltip(): Promise<string> {
    const { id, note, git, createdAt } = this.#point;
    return Promise.resolve(
      [
        note,
        createdAt && moment(createdAt),
        id,
        git &&
          (git.branch === null
            ? vscode.l10n.t('Commit {0}', git.commit.slice(0, 12))
            : vscode.l10n.t('Branch {0}, commit {1}', git.branch, git.commit.slice(0, 12))),
      ]
        .filter(Boolean)
        .join('\n'),
    );
  }
}
