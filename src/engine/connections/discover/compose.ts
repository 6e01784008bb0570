import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Document, LineCounter } from 'yaml';
import { defaultPort } from '../keywords';
import { readEnv } from './envFiles';
import { interpolate, type Lookup } from './interpolate';
import { publishedPort } from './ports';
import type { FoundInFile } from './types';

/** Images by the last part of their names: postgres, postgis/postgis, timescale/timescaledb-ha, … */
const serverImage =
  /^(postgres|postgis|timescale|pgvector|pgvecto|paradedb|citus|spilo|cnpg|edb-postgres)|postgres(ql)?$/;
/** What goes with a server and is none. */
const companionImage =
  /exporter|admin|bouncer|backup|rest$|restore|pgpool|operator|client|web|gui|adapter|barman|patroni-etcd|meta$/;

type Service = Record<string, unknown>;

/**
 * PostgreSQL services of a compose file that can be reached from this machine,
 * https://docs.docker.com/reference/compose-file/
 * @param file its path; the `.env` beside it and the override file are read too
 * @param env the shell's variables, which are stronger than the `.env`'s
 */
export async function findInCompose(
  file: string,
  text: string,
  env: NodeJS.ProcessEnv,
): Promise<FoundInFile[]> {
  const { LineCounter, parseDocument } = await import('./yamlParser');
  const folder = dirname(file);
  const lines = new LineCounter();
  // `merge` for the `<<: *defaults` of many files; aliases are limited by the library against bombs.
  const parse = (source: string, counter?: LineCounter): Document =>
    parseDocument(source, { merge: true, ...(counter ? { lineCounter: counter } : {}) });
  const document = parse(text, lines);
  const besideIt = await readEnv(await readOr(join(folder, '.env')), env);
  const lookup: Lookup = (name) => env[name] ?? besideIt[name];
  const services = servicesOf(document, lookup);
  const override = /^(.*\/|)(docker-)?compose\.ya?ml$/.test(file.replaceAll('\\', '/'))
    ? await readOr(file.replace(/(\.ya?ml)$/, '.override$1'))
    : '';
  if (override) mergeServices(services, servicesOf(parse(override), lookup));
  const found: FoundInFile[] = [];
  for (const [name, service] of services) {
    const facts = await serverOf(service, folder, lookup);
    if (facts) found.push({ detail: name, line: lineOf(document, name, lines), ...facts });
  }
  return found;
}

function servicesOf(document: Document, lookup: Lookup): Map<string, Service> {
  const services = new Map<string, Service>();
  const root = interpolateAll(document.toJS({ maxAliasCount: 100 }), lookup) as {
    services?: unknown;
  } | null;
  const listed = root?.services;
  if (listed && typeof listed === 'object')
    for (const [name, service] of Object.entries(listed))
      if (service && typeof service === 'object') services.set(name, service as Service);
  return services;
}

/** The override's words over the file's: environment by name, ports added, the rest replaced. */
function mergeServices(base: Map<string, Service>, over: Map<string, Service>): void {
  for (const [name, service] of over) {
    const under = base.get(name) ?? {};
    base.set(name, {
      ...under,
      ...service,
      environment: { ...environmentOf(under.environment), ...environmentOf(service.environment) },
      ports: [...listOf(service.ports), ...listOf(under.ports)],
    });
  }
}

async function serverOf(
  service: Service,
  folder: string,
  lookup: Lookup,
): Promise<Omit<FoundInFile, 'detail' | 'line'> | undefined> {
  const variables = {
    ...(await envFilesOf(service.env_file, folder)),
    ...environmentOf(service.environment, lookup),
  };
  if (!isServer(service, variables)) return undefined;
  const inside = Number(variables.PGPORT ?? variables.POSTGRESQL_PORT_NUMBER ?? defaultPort) || defaultPort;
  const place =
    service.network_mode === 'host'
      ? { host: 'localhost', port: inside }
      : publishedPort(listOf(service.ports), inside);
  // Without a published port nobody outside its network can reach it.
  if (!place) return undefined;
  const pick = (...names: string[]): string | undefined => names.map((name) => variables[name]).find(Boolean);
  const user = pick('POSTGRES_USER', 'POSTGRESQL_USERNAME', 'POSTGRESQL_USER') ?? 'postgres';
  const database = pick('POSTGRES_DB', 'POSTGRESQL_DATABASE') ?? user;
  const password = pick('POSTGRES_PASSWORD', 'POSTGRESQL_PASSWORD');
  return {
    settings: { hosts: [place], user, database },
    ...(password ? { password } : {}),
  };
}

function isServer(service: Service, variables: Record<string, string>): boolean {
  if (typeof service.image === 'string') {
    const name = service.image.replace(/@.*$/, '').split('/').at(-1)?.replace(/:.*$/, '') ?? '';
    return serverImage.test(name) && !companionImage.test(name);
  }
  // Built on the spot: what the official image is set up with gives it away.
  return (
    service.build !== undefined && ['POSTGRES_DB', 'POSTGRES_PASSWORD'].some((name) => name in variables)
  );
}

/** A map, or a list of `NAME=value` where a bare NAME comes from outside. */
function environmentOf(value: unknown, lookup: Lookup = () => undefined): Record<string, string> {
  const variables: Record<string, string> = {};
  const put = (name: string, text: unknown): void => {
    const known = text ?? lookup(name);
    if (known !== undefined && known !== null) variables[name] = String(known);
  };
  if (Array.isArray(value))
    for (const item of value) {
      const [name = '', ...rest] = String(item).split('=');
      put(name, rest.length ? rest.join('=') : undefined);
    }
  else if (value && typeof value === 'object')
    for (const [name, text] of Object.entries(value)) put(name, text);
  return variables;
}

async function envFilesOf(value: unknown, folder: string): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const item of typeof value === 'string' ? [value] : listOf(value)) {
    const path = typeof item === 'string' ? item : (item as { path?: unknown } | null)?.path;
    if (typeof path === 'string') Object.assign(variables, await readEnv(await readOr(join(folder, path))));
  }
  return variables;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function interpolateAll(value: unknown, lookup: Lookup): unknown {
  if (typeof value === 'string') return interpolate(value, lookup);
  if (Array.isArray(value)) return value.map((item) => interpolateAll(item, lookup));
  if (value && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, interpolateAll(item, lookup)]),
    );
  return value;
}

function lineOf(document: Document, service: string, lines: LineCounter): number {
  const pair = (
    document.get('services') as { items?: { key: { value?: unknown; range?: number[] | null } }[] }
  )?.items?.find(({ key }) => key.value === service);
  return lines.linePos(pair?.key.range?.[0] ?? 0).line || 1;
}

async function readOr(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch(() => '');
}
