import * as vscode from 'vscode';
import type { Connection } from '../../../engine/connections/types';
import { findInWorkspace } from '../../found';
import { viewIds } from '../../ids';
import type { Log } from '../../log';
import { onSetting } from '../../settings';
import type { TreeNode } from '../node';
import { Tree } from '../tree';
import type { ConnectionRows } from './context';
import { FoundNode } from './found';
import { HeadingNode } from './group';
import { ServerNode } from './server';

/** Servers by group → databases → schemas → tables, and what the workspace's files name. */
export class ConnectionsTree extends Tree {
  readonly #shared: ConnectionRows;
  readonly #log: Log;
  /** Rows keep what they read while their connection stays as it is. */
  readonly #servers = new Map<string, ServerNode>();

  constructor(parts: Omit<ConnectionRows, 'redraw'> & { log: Log }) {
    super(viewIds.connections, () => this.#roots(), { several: true });
    const { log, ...shared } = parts;
    const { connections, backups } = shared;
    this.#log = log;
    this.#shared = { ...shared, redraw: (node) => this.refresh(node) };
    this.own(connections.onDidChange(() => this.refresh()));
    // The age of the last backup stands in the rows.
    this.own(backups.onDidList(() => this.refresh()));
    this.own(
      backups.onDidChange(() => {
        if (this.view.visible) backups.list().catch(() => undefined);
      }),
    );
    this.own(onSetting(['connections.discover'], () => this.refresh()));
    const files = this.own(vscode.workspace.createFileSystemWatcher('**/{.env*,*compose*.y*ml}'));
    for (const event of [files.onDidChange, files.onDidCreate, files.onDidDelete])
      this.own(event(() => this.refresh()));
  }

  /** Reads a row, or everything, anew from the servers. */
  reload(node?: TreeNode): void {
    if (node) node.forget?.();
    else this.#servers.clear();
    this.refresh(node);
  }

  /** Reads servers anew whose databases a job has changed. */
  reloadServers(connectionIds: string[]): void {
    for (const id of connectionIds) {
      const server = this.#servers.get(id);
      if (server) this.reload(server);
    }
  }

  /** Looks anew at recovered clusters. */
  reloadSides(): void {
    this.reloadServers(
      [...this.#servers.values()].flatMap(({ connection }) => (connection.recovered ? connection.id : [])),
    );
  }

  async #roots(): Promise<TreeNode[]> {
    const { connections } = this.#shared;
    const all = await connections.list();
    const groups = [...new Set(all.flatMap(({ group }) => (group ? [group] : [])))].sort((a, b) =>
      a.localeCompare(b),
    );
    const found = await findInWorkspace(this.#log, all);
    return [
      ...groups.map(
        (group) =>
          new HeadingNode({
            id: `group:${group}`,
            label: group,
            icon: 'folder',
            children: (self) => all.filter((c) => c.group === group).map((c) => this.#server(c, self)),
          }),
      ),
      ...all.filter(({ group }) => !group).map((connection) => this.#server(connection)),
      ...(found.length
        ? [
            new HeadingNode({
              id: 'found',
              label: vscode.l10n.t('Found in Workspace'),
              icon: 'file-submodule',
              children: (self) => found.map((one) => new FoundNode(self, one)),
            }),
          ]
        : []),
    ];
  }

  #server(connection: Connection, parent?: TreeNode): ServerNode {
    const present = this.#servers.get(connection.id);
    if (present && same(present.connection, connection) && present.parent?.id === parent?.id) return present;
    const node = new ServerNode(parent, connection, this.#shared);
    this.#servers.set(connection.id, node);
    return node;
  }
}

function same(a: Connection, b: Connection): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
