import * as z from 'zod/mini';
import type { Manifest } from './types';

/** A path that stays below the folder the manifest is in. */
const relative = z
  .string()
  .check(
    z.refine((path) => path !== '' && !/^[\\/]|^[A-Za-z]:/.test(path) && !path.split(/[\\/]/).includes('..')),
  );
const optionalText = z._default(z.string(), '');
const count = z.number().check(z.nonnegative());

const fault = z.looseObject({
  what: z.string(),
  entry: z._default(z.nullable(z.string()), null),
  offset: z._default(z.nullable(z.number()), null),
});

const evidence = z.looseObject({
  level: z.enum(['checksum', 'contents', 'rehearsal']),
  ok: z.boolean(),
  at: z.string(),
  rows: z.optional(z.number()),
  durationMs: z.optional(z.number()),
  faults: z.optional(z.array(fault)),
});

const suspicion = z.looseObject({
  rule: z.enum(['tableGone', 'rowsFell', 'sizeCollapsed', 'unchanged']),
  table: z.optional(z.string()),
  text: z.string(),
  mild: z.optional(z.literal(true)),
});

const walRange = z.looseObject({ timeline: count, start: z.string(), end: z.string() });

const base = z.looseObject({
  level: z.enum(['full', 'incremental', 'differential']),
  parent: z.nullable(z.string()),
  walMethod: z.enum(['stream', 'fetch', 'none']),
  tablespaces: z.array(z.looseObject({ oid: count, name: z.string(), location: z.string() })),
  databases: z.array(z.looseObject({ oid: count, name: z.string() })),
  combinedFrom: z.optional(z.array(z.string())),
  id: z.string(),
  label: z.string(),
  timeline: count,
  startLsn: z.string(),
  stopLsn: z.nullable(z.string()),
  walRanges: z.array(walRange),
});

/** Unknown keys are kept, so that an older program does not lose what a newer one wrote. */
const schema = z.looseObject({
  manifestVersion: z.literal(1),
  method: z.enum(['dump', 'dumpall', 'set', 'copy', 'basebackup', 'offline', 'low-level']),
  format: z.enum([
    'custom',
    'directory',
    'tar',
    'plain',
    'csv',
    'tsv',
    'binary',
    'set',
    'basebackup-plain',
    'basebackup-tar',
  ]),
  compression: z._default(z.string(), 'none'),
  artifact: relative,
  source: z.looseObject({
    connection: optionalText,
    server: optionalText,
    database: optionalText,
    serverVersion: optionalText,
    systemIdentifier: z._default(z.nullable(z.string()), null),
    lsn: z._default(z.nullable(z.string()), null),
  }),
  tool: z._default(z.looseObject({ name: optionalText, version: optionalText }), { name: '', version: '' }),
  options: z._default(z.record(z.string(), z.unknown()), {}),
  files: z.array(
    z.looseObject({
      path: relative,
      bytes: count,
      sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
      holds: z.optional(z.string()),
    }),
  ),
  bytes: z._default(count, 0),
  tables: z._default(
    z.array(
      z.looseObject({
        database: z.optional(z.string()),
        schema: z.string(),
        name: z.string(),
        rows: z._default(z.nullable(count), null),
      }),
    ),
    [],
  ),
  startedAt: optionalText,
  durationMs: z._default(z.number(), 0),
  evidence: z._default(z.array(evidence), []),
  notes: optionalText,
  base: z.optional(base),
  suspicions: z.optional(z.array(suspicion)),
  madeBy: optionalText,
});

/** A manifest's text checked and with its gaps filled, null when it is none. */
export function parseManifest(text: string): Manifest | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const result = schema.safeParse(value);
  return result.success ? (result.data as Manifest) : null;
}
