import * as vscode from 'vscode';
import type { Connection } from '../../../engine/connections/types';
import { engine } from '../../engine';
import { count, oneLine } from '../../format';
import type { Target } from '../../target';
import { childId, type TreeNode } from '../node';
import { Branch, pageSize, type Page } from './branch';
import { read, type ConnectionRows } from './context';
import { RelationNode } from './relation';

export interface SchemaRow {
  name: string;
  owner: string;
  /** How many tables it has. */
  tables: number;
}

export class SchemaNode extends Branch {
  readonly id: string;
  readonly parent: TreeNode;
  readonly target: Target;
  readonly #connection: Connection;
  readonly #schema: SchemaRow;
  readonly #shared: ConnectionRows;

  constructor(parent: TreeNode, connection: Connection, schema: SchemaRow, shared: ConnectionRows) {
    super();
    this.id = childId(parent, schema.name);
    this.parent = parent;
    this.target = { ...parent.target, schema: schema.name };
    this.#connection = connection;
    this.#schema = schema;
    this.#shared = shared;
  }

  item(): vscode.TreeItem {
    const { name, tables } = this.#schema;
    const item = new vscode.TreeItem(oneLine(name), vscode.TreeItemCollapsibleState.Collapsed);
    item.description = tables === 1 ? vscode.l10n.t('1 table') : vscode.l10n.t('{0} tables', count(tables));
    item.iconPath = new vscode.ThemeIcon('symbol-namespace');
    item.contextValue = 'schema refreshable';
    return item;
  }

  override tooltip(): Promise<string> {
    return Promise.resolve(vscode.l10n.t('Schema {0}, owned by {1}', this.#schema.name, this.#schema.owner));
  }

  protected async page(after: string | undefined): Promise<Page> {
    const { listRelations } = await engine();
    const relations = await read(this.#shared, this.#connection, this.target.database, (client) =>
      listRelations(client, this.#schema.name, { after, limit: pageSize }),
    );
    return {
      nodes: relations.map((relation) => new RelationNode(this, relation)),
      after: relations.length === pageSize ? relations.at(-1)?.name : undefined,
    };
  }

  protected redraw(): void {
    this.#shared.redraw(this);
  }
}
