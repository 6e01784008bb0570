import * as vscode from 'vscode';
import type { Connection } from '../../../engine/connections/types';
import { roleName } from '../../connections';
import { engine } from '../../engine';
import { oneLine } from '../../format';
import type { Target } from '../../target';
import { rowUri } from '../decorations';
import type { TreeNode } from '../node';
import { Branch, pageSize, type Page } from './branch';
import { read, type ConnectionRows } from './context';
import { DatabaseNode } from './database';
import { SideCluster } from './side';
import { WalArchiveNode } from './walArchive';

/** Databases whose sizes are asked for in one query. */
const sizesAtOnce = 20;
/** Older than this, what the WAL archive's row says is read anew when the row is drawn. */
const walMs = 30_000;

/** A server: its role in word and colour, and when it cannot be reached, why. */
export class ServerNode extends Branch {
  readonly id: string;
  readonly parent: TreeNode | undefined;
  readonly target: Target;
  readonly connection: Connection;
  readonly #shared: ConnectionRows;
  readonly #side: SideCluster | undefined;
  #version: string | undefined;
  #wal: WalArchiveNode | undefined;
  #walAt = -Infinity;
  /** Another one after `forget`: what reads for the old rows stops. */
  #reading: object = {};

  constructor(parent: TreeNode | undefined, connection: Connection, shared: ConnectionRows) {
    super();
    this.id = `server:${connection.id}`;
    this.parent = parent;
    this.connection = connection;
    this.target = { connection: connection.id };
    this.#shared = shared;
    if (connection.recovered) this.#side = new SideCluster(connection.recovered, () => this.redraw());
  }

  item(): vscode.TreeItem {
    const { name, role } = this.connection;
    const kept = this.#shared.connections.isKept(this.connection);
    const item = new vscode.TreeItem(oneLine(name), vscode.TreeItemCollapsibleState.Collapsed);
    const facts = [
      ...(role === 'production' || role === 'staging' ? [roleName(role)] : []),
      this.#side?.stateText ?? (this.problem ? this.problem.what : this.#place()),
      ...(!this.problem && this.#version ? [this.#version] : []),
      ...(kept ? [] : [vscode.l10n.t('not kept')]),
    ];
    item.description = facts.map(oneLine).join(' · ');
    item.iconPath = this.problem
      ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
      : role === 'production'
        ? new vscode.ThemeIcon('server', new vscode.ThemeColor('errorForeground'))
        : new vscode.ThemeIcon(this.#side ? 'history' : 'server');
    item.resourceUri = rowUri(this.id, role);
    item.contextValue = ['server refreshable', kept ? 'kept' : 'unkept', ...(this.#side?.flags ?? [])].join(
      ' ',
    );
    item.accessibilityInformation = { label: [name, ...facts].join(', ') };
    return item;
  }

  #place(): string {
    const { hosts, service } = this.connection.settings;
    if (hosts?.length) return hosts.map(({ host, port }) => `${host}:${port}`).join(', ');
    return service ? vscode.l10n.t('service {0}', service) : vscode.l10n.t('from the environment');
  }

  override async tooltip(): Promise<string> {
    const { formatConnection } = await engine();
    const { settings, role, ssh } = this.connection;
    return [
      formatConnection(settings),
      vscode.l10n.t('Role: {0}', roleName(role)),
      ...(ssh ? [vscode.l10n.t('Through ssh to {0}', ssh.destination)] : []),
      ...(this.#side ? [this.#side.sentence] : []),
      ...(this.problem ? [this.problem.why, this.problem.next] : []),
    ]
      .filter(Boolean)
      .join('\n');
  }

  protected async page(after: string | undefined): Promise<Page> {
    const { listDatabases, roleOf, serverFacts } = await engine();
    // So that the rows know when they were backed up; a folder that cannot be read must not hide them.
    await this.#shared.backups.list().catch(() => undefined);
    const databases = await read(this.#shared, this.connection, undefined, async (client) => {
      const { text } = (await serverFacts(client)).version;
      this.#shared.knownServers.note(this.connection, text);
      const [version] = text.split(' ');
      if (version !== this.#version) {
        this.#version = version;
        this.redraw();
      }
      return await listDatabases(client, { after, limit: pageSize, sizes: false });
    });
    const { connection } = this;
    const nodes = databases
      .filter(({ isTemplate }) => !isTemplate)
      .map(
        (database) =>
          new DatabaseNode({
            parent: this,
            connection,
            database,
            role: roleOf(connection, database.name),
            shared: this.#shared,
          }),
      );
    void this.#readSizes(nodes);
    this.#walAt = -Infinity;
    return { nodes, after: databases.length === pageSize ? databases.at(-1)?.name : undefined };
  }

  /** Below the databases, once it is known that there is something to show. */
  override async children(): Promise<TreeNode[]> {
    await this.#side?.look();
    const rows = await super.children();
    if (!this.problem && performance.now() - this.#walAt > walMs) void this.#readWal();
    return this.problem || !this.#wal ? rows : [...rows, this.#wal];
  }

  async #readWal(): Promise<void> {
    this.#walAt = performance.now();
    const { archiveInTree } = await (await engine()).physical();
    const { archives } = this.#shared;
    const folder = archives.folderOf(this.connection.id);
    // What may not be asked has no row; whatever is wrong is told when the server is read the next time.
    const found = await read(this.#shared, this.connection, undefined, (client) =>
      archiveInTree(client, folder, archives.cli),
    ).catch(() => null);
    const before = this.#wal?.text;
    this.#wal = found ? new WalArchiveNode(this, found) : undefined;
    if (this.#wal?.text !== before) this.redraw();
  }

  override forget(): void {
    super.forget();
    this.#reading = {};
    void this.#side?.look();
  }

  /** A size takes the server a walk over files, so rows stand before their sizes are known. */
  async #readSizes(nodes: DatabaseNode[]): Promise<void> {
    const reading = this.#reading;
    const { databaseSizes } = await engine();
    for (let start = 0; start < nodes.length && reading === this.#reading; start += sizesAtOnce) {
      const some = nodes.slice(start, start + sizesAtOnce);
      const names = some.map(({ name }) => name);
      const sizes = await read(this.#shared, this.connection, undefined, (client) =>
        databaseSizes(client, names),
      ).catch(() => undefined);
      // Rows without sizes are rows; whatever is wrong is told when the server is read the next time.
      if (!sizes) return;
      for (const node of some) if (node.setSize(sizes.get(node.name) ?? null)) this.#shared.redraw(node);
    }
  }

  protected redraw(): void {
    this.#shared.redraw(this);
  }
}
