import * as vscode from 'vscode';
import type { Engine } from '../../engine';
import { bytes, count, oneLine } from '../../format';
import type { Target } from '../../target';
import { childId, type TreeNode } from '../node';

export type RelationRow = Awaited<ReturnType<Engine['listRelations']>>[number];

const icons: Record<RelationRow['kind'], string> = {
  table: 'table',
  'partitioned table': 'group-by-ref-type',
  view: 'eye',
  'materialized view': 'preview',
  'foreign table': 'link-external',
  sequence: 'symbol-numeric',
};

/** Kinds whose rows COPY can write out. */
const hasRows: RelationRow['kind'][] = [
  'table',
  'partitioned table',
  'view',
  'materialized view',
  'foreign table',
];

/** Kinds that rows can be read into. */
const takesRows: RelationRow['kind'][] = ['table', 'partitioned table', 'foreign table'];

/** A table, view, … with its size and estimated rows. */
export class RelationNode implements TreeNode {
  readonly id: string;
  readonly parent: TreeNode;
  readonly target: Target;
  readonly #relation: RelationRow;

  constructor(parent: TreeNode, relation: RelationRow) {
    this.id = childId(parent, relation.name);
    this.parent = parent;
    this.target = { ...parent.target, relation: relation.name };
    this.#relation = relation;
  }

  item(): vscode.TreeItem {
    const { name, kind, bytes: size, rows } = this.#relation;
    const item = new vscode.TreeItem(oneLine(name));
    const facts = [
      ...(size ? [bytes(size)] : []),
      ...(rows === null ? [] : [vscode.l10n.t('about {0} rows', count(rows))]),
    ];
    item.description = facts.join(' · ');
    item.iconPath = new vscode.ThemeIcon(icons[kind]);
    item.contextValue = [
      'relation',
      ...(hasRows.includes(kind) ? ['rows'] : []),
      ...(takesRows.includes(kind) ? ['table'] : []),
    ].join(' ');
    item.accessibilityInformation = { label: [kind, name, ...facts].join(', ') };
    return item;
  }

  tooltip(): Promise<string> {
    const { schema, name, kind } = this.#relation;
    return Promise.resolve(`${schema}.${name}\n${kind}`);
  }
}
