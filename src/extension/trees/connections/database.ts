import * as vscode from 'vscode';
import type { Connection, Role } from '../../../engine/connections/types';
import type { RestorePoint } from '../../../engine/points';
import { engine } from '../../engine';
import { age, bytes, oneLine } from '../../format';
import { roleName } from '../../connections';
import type { Target } from '../../target';
import { childId, type TreeNode } from '../node';
import { rowUri } from '../decorations';
import { Branch, type Page } from './branch';
import { read, type ConnectionRows } from './context';
import { PointNode } from './point';
import { SchemaNode } from './schema';

export interface DatabaseRow {
  name: string;
  owner: string;
  allowConnections: boolean;
}

/** Says its size and when it was backed up last. */
export class DatabaseNode extends Branch {
  readonly id: string;
  readonly parent: TreeNode;
  readonly target: Target;
  readonly #connection: Connection;
  readonly #database: DatabaseRow;
  readonly #role: Role;
  readonly #shared: ConnectionRows;
  /** Null while it is not known, and where the right to ask is missing. */
  #size: number | null = null;

  constructor(parts: {
    parent: TreeNode;
    connection: Connection;
    database: DatabaseRow;
    role: Role;
    shared: ConnectionRows;
  }) {
    super();
    this.#connection = parts.connection;
    this.#database = parts.database;
    this.#role = parts.role;
    this.#shared = parts.shared;
    this.parent = parts.parent;
    this.id = childId(parts.parent, parts.database.name);
    this.target = { ...parts.parent.target, database: parts.database.name };
  }

  get name(): string {
    return this.#database.name;
  }

  /** @returns whether the row looks different now */
  setSize(size: number | null): boolean {
    const changed = size !== this.#size;
    this.#size = size;
    return changed;
  }

  item(): vscode.TreeItem {
    const { name, allowConnections } = this.#database;
    const size = this.#size;
    const item = new vscode.TreeItem(
      oneLine(name),
      allowConnections ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
    );
    // The server's row says its role already; a database says its own only where it differs.
    const ownRole = this.#role === this.#connection.role ? [] : [roleName(this.#role)];
    const facts = [
      ...ownRole,
      ...(size === null ? [] : [bytes(size)]),
      allowConnections ? this.#lastBackup() : vscode.l10n.t('allows no connections'),
    ];
    item.description = facts.join(' · ');
    item.iconPath = new vscode.ThemeIcon('database');
    if (ownRole.length) item.resourceUri = rowUri(this.id, this.#role);
    item.contextValue = allowConnections ? 'database refreshable' : 'closedDatabase';
    item.accessibilityInformation = { label: [name, ...facts].join(', ') };
    return item;
  }

  #backup(): ReturnType<ConnectionRows['backups']['latest']> {
    return this.#shared.backups.latest(this.#connection.name, this.#servers(), this.#database.name);
  }

  #lastBackup(): string {
    const backup = this.#backup();
    if (!backup) return vscode.l10n.t('never backed up');
    const when = vscode.l10n.t('backed up {0}', age(backup.createdAt));
    return backup.evidence ? `${when} ${backup.evidence.ok ? '✓' : '✗'}` : when;
  }

  override tooltip(): Promise<string> {
    const { name, owner } = this.#database;
    return Promise.resolve(
      [
        vscode.l10n.t('Database {0}, owned by {1}', name, owner),
        vscode.l10n.t('Role: {0}', roleName(this.#role)),
        this.#backup()?.path ?? vscode.l10n.t('No backup in the listed folders.'),
      ].join('\n'),
    );
  }

  protected async page(): Promise<Page> {
    const { keptDatabases, listSchemas } = await engine();
    const { points, schemas } = await read(
      this.#shared,
      this.#connection,
      this.#database.name,
      async (client) => ({ points: await keptDatabases(client), schemas: await listSchemas(client) }),
    );
    return {
      nodes: [
        ...[...points.filter(({ of }) => of === this.name), ...(await this.#dumps())]
          .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
          .map((point) => new PointNode(this, point)),
        ...schemas.map((schema) => new SchemaNode(this, this.#connection, schema, this.#shared)),
      ],
    };
  }

  /** Restore points of this database that are dumps. */
  async #dumps(): Promise<RestorePoint[]> {
    const all = await this.#shared.backups.list().catch(() => []);
    const servers = this.#servers();
    return all.flatMap(({ path, manifest, bytes: size, createdAt }) => {
      const { restorePoint, source, notes = '' } = manifest ?? {};
      if (!restorePoint || source?.database !== this.name || !servers.includes(source.server)) return [];
      const { reason, git } = restorePoint;
      return [{ id: path, of: this.name, kind: 'dump', reason, createdAt, bytes: size, note: notes, git }];
    });
  }

  #servers(): string[] {
    return (this.#connection.settings.hosts ?? []).map(({ host, port }) => `${host}:${port}`);
  }

  protected redraw(): void {
    this.#shared.redraw(this);
  }
}
