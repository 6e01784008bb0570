import * as z from 'zod/mini';
import { isKeyword } from './keywords';
import type { Connection } from './types';

const role = z.enum(['local', 'development', 'staging', 'production']);
const text = z.optional(z.string());

const settings = z.looseObject({
  hosts: z.optional(
    z.array(z.looseObject({ host: z.string(), port: z.int(), address: z.optional(z.string()) })),
  ),
  database: text,
  user: text,
  sslMode: z.optional(z.enum(['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'])),
  sslRootCert: text,
  sslCert: text,
  sslKey: text,
  connectTimeoutSeconds: z.optional(z.number()),
  options: text,
  targetSessionAttrs: z.optional(
    z.enum(['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby']),
  ),
  service: text,
  passFile: text,
  extra: z.optional(z.record(z.string(), z.string())),
});

/** One stored connection; keys of a later version are kept. */
const connection = z.looseObject({
  id: z.string().check(z.regex(/^[\w.-]+$/)),
  name: z.string(),
  group: text,
  role,
  databaseRoles: z.optional(z.record(z.string(), role)),
  settings,
  ssh: z.optional(
    z.looseObject({
      destination: z.string(),
      port: z.optional(z.int()),
      identityFile: text,
      jump: text,
      configFile: text,
    }),
  ),
  recovered: z.optional(z.looseObject({ directory: z.string(), of: z.string() })),
});

export interface StoredConnections {
  connections: Connection[];
  /** Why something could not be read; absent for a sound file. */
  damage?: string;
}

/** Reads `connections.json` tolerantly: each sound connection is kept, whatever the others are. */
export function parseStoredConnections(json: string): StoredConnections {
  // An empty file is what a crashed editor or a full disk leaves: nothing in it to be kept aside.
  if (!json.trim()) return { connections: [] };
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { connections: [], damage: error instanceof Error ? error.message : String(error) };
  }
  const list = (value as { connections?: unknown } | null)?.connections;
  if (!Array.isArray(list)) return { connections: [], damage: 'no list of connections' };
  const connections: Connection[] = [];
  const damaged: string[] = [];
  list.forEach((item, index) => {
    const read = connection.safeParse(item);
    if (read.success) connections.push(withoutSecrets(read.data as Connection));
    else damaged.push(`connections[${index}]: ${read.error.issues.map(describe).join('; ')}`);
  });
  return damaged.length ? { connections, damage: damaged.join('\n') } : { connections };
}

function describe(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.')}: ${issue.message}`;
}

/** A password somebody wrote into the file by hand is not taken over. */
function withoutSecrets(stored: Connection): Connection {
  const {
    password: _,
    extra,
    ...settings
  } = stored.settings as Connection['settings'] & { password?: unknown };
  if (!extra) return { ...stored, settings };
  const known = Object.fromEntries(Object.entries(extra).filter(([name]) => isKeyword(name)));
  return { ...stored, settings: { ...settings, extra: known } };
}
