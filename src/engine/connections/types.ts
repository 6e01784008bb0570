/** How loud the warnings are: production asks for the database's name before anything destructive. */
export type Role = 'local' | 'development' | 'staging' | 'production';

/** libpq's sslmode values, https://www.postgresql.org/docs/current/libpq-ssl.html */
export type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

export interface HostPort {
  /** Host name, IP address, or the folder of a Unix socket (starts with `/`, or `@` for abstract). */
  host: string;
  /** TCP port or the socket's number; 5432 when nothing says otherwise. */
  port: number;
  /** Numeric address to connect to instead of looking the name up (libpq's `hostaddr`). */
  address?: string;
}

/**
 * What libpq would be told, without any password. Every field is optional: what is absent comes from
 * the service file, the `PG*` variables and libpq's defaults, in libpq's order (see `resolve`).
 */
export interface ConnectionSettings {
  /** Tried in order until one answers (and fits `targetSessionAttrs`). */
  hosts?: HostPort[];
  database?: string;
  user?: string;
  sslMode?: SslMode;
  /** Paths of PEM files. */
  sslRootCert?: string;
  sslCert?: string;
  sslKey?: string;
  connectTimeoutSeconds?: number;
  /** Server settings as in libpq's `options`: `-c search_path=x`. */
  options?: string;
  targetSessionAttrs?: 'any' | 'read-write' | 'read-only' | 'primary' | 'standby' | 'prefer-standby';
  /** A name in the service file. */
  service?: string;
  /** Another password file than `~/.pgpass`. */
  passFile?: string;
  /** Further libpq keywords, given on to the tools unchanged; never `password`. */
  extra?: Record<string, string>;
}

/** A tunnel through the system's own `ssh`: its configuration, agent and jump hosts apply. */
export interface SshSettings {
  /** `[user@]host` or a Host of the ssh configuration. */
  destination: string;
  port?: number;
  identityFile?: string;
  /** As for `ssh -J`. */
  jump?: string;
  /** Another configuration file (`ssh -F`). */
  configFile?: string;
}

/** Where a server is and how to log in. Never holds a password. */
export interface Connection {
  /** Stable, unique, safe as a file name. */
  id: string;
  name: string;
  group?: string;
  role: Role;
  /** Databases of this server whose role differs from the server's. */
  databaseRoles?: Record<string, Role>;
  settings: ConnectionSettings;
  ssh?: SshSettings;
  /** A cluster that a recovery made in this folder of this machine; what it is a copy of, as people call it. */
  recovered?: { directory: string; of: string };
}

/** Settings with every gap filled; what a plan carries and a client is opened with. */
export interface ResolvedSettings extends ConnectionSettings {
  hosts: HostPort[];
  user: string;
  database: string;
  sslMode: SslMode;
}

/** A connection as a plan carries it: self-contained, no gaps, no secrets. */
export interface ResolvedConnection extends Omit<Connection, 'settings'> {
  settings: ResolvedSettings;
}

/** Secrets of a job or a session: passwords by connection id. Never written to disk, never logged. */
export type Secrets = Record<string, string>;

/**
 * A way into a server, opened once and shared by our own clients and by the tools (a tunnel, if there
 * is one, lives as long as this). `close` ends the tunnel.
 */
export interface Access {
  readonly connection: ResolvedConnection;
  /** Where to connect to now: the tunnel's local end, or the host that answered. */
  readonly endpoint: HostPort;
  readonly password: string | undefined;
  /** The server's own host, of `connection.settings.hosts`: the name certificates are checked against. Absent: the first. */
  readonly host?: HostPort;
  /** The database the way in was tried with; `postgres` or `template1` where the connection's own does not exist. */
  readonly loginDatabase?: string;
  /** Why a connection over this way failed, when the way itself (a tunnel) is to blame. */
  explain?(error: unknown): Promise<Error | undefined>;
  close(): Promise<void>;
}
