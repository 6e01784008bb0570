import type * as vscode from 'vscode';
import type { Connection } from '../engine/connections/types';
import type { Backups } from './backups';
import type { Connections } from './connections';

export interface KnownServer {
  /** The connection's name. */
  name: string;
  /** Comparable: 17, 9.6. */
  major: number;
}

/** What version the servers of the connections had when they were last seen: told without connecting. */
export class KnownServers {
  readonly #connections: Connections;
  readonly #backups: Backups;
  readonly #memento: vscode.Memento;

  constructor(parts: { connections: Connections; backups: Backups; memento: vscode.Memento }) {
    this.#connections = parts.connections;
    this.#backups = parts.backups;
    this.#memento = parts.memento;
  }

  /** Remembers what a server said. */
  note({ id }: Connection, version: string): void {
    const all = this.#seen();
    if (all[id] !== version) void this.#memento.update('serverVersions', { ...all, [id]: version });
  }

  /** The newest server of the present connections; undefined when of none anything is known. */
  async newest(): Promise<KnownServer | undefined> {
    const seen = this.#seen();
    let newest: KnownServer | undefined;
    for (const { id, name } of await this.#connections.list()) {
      const version = seen[id] ?? this.#dumpedFrom(name);
      const major = version === undefined ? undefined : majorOf(version);
      if (major !== undefined && !(newest && newest.major >= major)) newest = { name, major };
    }
    return newest;
  }

  /** What the newest backup of a connection says; backups are listed newest first. */
  #dumpedFrom(connection: string): string | undefined {
    return this.#backups.known.find(({ source }) => source.connection === connection)?.manifest?.source
      .serverVersion;
  }

  #seen(): Record<string, string> {
    return this.#memento.get<Record<string, string>>('serverVersions', {});
  }
}

/** `17.11 (Debian …)` is 17, `18beta1` is 18, `9.6.24` is 9.6; undefined for what is no version. */
export function majorOf(version: string): number | undefined {
  const [, first, second] = /^(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  if (first === undefined) return undefined;
  return Number(first) >= 10 ? Number(first) : Number(`${first}.${second ?? 0}`);
}
