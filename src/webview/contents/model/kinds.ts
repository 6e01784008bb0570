/**
 * Groups of the tree, in the order of a reader's interest: what holds rows, what shows them, what runs, then the rest.
 * Kinds that are not named here come after these.
 */
const ORDER = [
  'TABLE',
  'TABLE DATA',
  'FOREIGN TABLE',
  'VIEW',
  'MATERIALIZED VIEW',
  'FUNCTION',
  'PROCEDURE',
  'TRIGGER',
  'INDEX',
  'CONSTRAINT',
  'FK CONSTRAINT',
  'CHECK CONSTRAINT',
  'SEQUENCE',
  'TYPE',
  'DOMAIN',
  'AGGREGATE',
  'OPERATOR',
  'RULE',
  'POLICY',
  'STATISTICS',
  'BLOB',
  'DATABASE',
  'ROLE',
  'SCHEMA',
  'EXTENSION',
  'EVENT TRIGGER',
  'PUBLICATION',
  'SUBSCRIPTION',
];
const PLACES = new Map(ORDER.map((kind, place) => [kind, place]));

/** Large objects have had four kinds of entries; a reader looks for one thing. */
const LARGE_OBJECTS = ['BLOB', 'BLOBS', 'BLOB METADATA', 'BLOB COMMENTS'];
/** How the rest is to be read; no objects. */
const SETTINGS = ['ENCODING', 'STDSTRINGS', 'SEARCHPATH'];
const GROUPS = new Map([
  ...LARGE_OBJECTS.map((kind) => [kind, 'BLOB'] as const),
  ...SETTINGS.map((kind) => [kind, 'SETTINGS'] as const),
]);

const ICONS: Record<string, string> = {
  TABLE: 'table',
  'TABLE DATA': 'table',
  'FOREIGN TABLE': 'table',
  VIEW: 'eye',
  'MATERIALIZED VIEW': 'eye',
  FUNCTION: 'symbol-method',
  PROCEDURE: 'symbol-method',
  AGGREGATE: 'symbol-method',
  OPERATOR: 'symbol-operator',
  'OPERATOR CLASS': 'symbol-operator',
  'OPERATOR FAMILY': 'symbol-operator',
  TRIGGER: 'zap',
  'EVENT TRIGGER': 'zap',
  INDEX: 'list-ordered',
  CONSTRAINT: 'key',
  'FK CONSTRAINT': 'references',
  'CHECK CONSTRAINT': 'pass',
  SEQUENCE: 'symbol-numeric',
  'SEQUENCE SET': 'symbol-numeric',
  TYPE: 'symbol-enum',
  'SHELL TYPE': 'symbol-enum',
  DOMAIN: 'symbol-type-parameter',
  SCHEMA: 'symbol-namespace',
  EXTENSION: 'extensions',
  DATABASE: 'database',
  'DATABASE PROPERTIES': 'database',
  ROLE: 'person',
  RULE: 'law',
  POLICY: 'shield',
  'ROW SECURITY': 'shield',
  ACL: 'lock',
  'DEFAULT ACL': 'lock',
  'SECURITY LABEL': 'tag',
  COMMENT: 'comment',
  DEFAULT: 'symbol-constant',
  STATISTICS: 'graph',
  'STATISTICS DATA': 'graph',
  SETTINGS: 'settings-gear',
  ENCODING: 'settings-gear',
  STDSTRINGS: 'settings-gear',
  SEARCHPATH: 'settings-gear',
  BLOB: 'file-binary',
  BLOBS: 'file-binary',
  'BLOB METADATA': 'file-binary',
  PUBLICATION: 'broadcast',
  SUBSCRIPTION: 'broadcast',
  SERVER: 'server',
};

/** The group an entry of this kind stands in: its kind, but for kinds that a reader takes for one thing. */
export function groupOf(kind: string): string {
  return GROUPS.get(kind) ?? kind;
}

/** Kinds of the entries of a group. */
export function kindsIn(group: string): string[] {
  const kinds = [...GROUPS].filter(([, name]) => name === group).map(([kind]) => kind);
  return kinds.length > 0 ? kinds : [group];
}

/** Whether the entries of a group are things a reader counts. */
export function isObjects(group: string): boolean {
  return group !== 'SETTINGS' && group !== 'DATABASE';
}

/** Place of a group among the others. */
export function placeOf(group: string): number {
  return PLACES.get(group) ?? ORDER.length;
}

export function holdsLargeObjects(kind: string): boolean {
  return groupOf(kind) === 'BLOB';
}

/** Name of a codicon. */
export function iconOf(kind: string): string {
  return ICONS[kind] ?? 'symbol-misc';
}
