import type { Section } from '../types';

/** What a statement makes, in pg_dump's words. */
export interface Made {
  kind: string;
  schema: string | null;
  /** pg_dump's tag. */
  name: string;
  section: Section;
  /** The role it says it belongs to. */
  owner?: string;
  /** Of constraints, triggers, rules, policies, defaults, indexes: the relation they are on, and their own name. */
  on?: { schema: string | null; table: string; own: string };
  /** What tells it from others of the same name: an operator's arguments, an access method. */
  which?: string;
}

const NONE = new Set(['COMMENT', 'ACL', 'SECURITY LABEL']);
const DATA = new Set(['TABLE DATA', 'BLOBS', 'SEQUENCE SET', 'STATISTICS DATA']);
const POST_DATA = new Set(
  (
    'CONSTRAINT;CHECK CONSTRAINT;FK CONSTRAINT;INDEX;INDEX ATTACH;STATISTICS;TRIGGER;EVENT TRIGGER;RULE;POLICY;' +
    'ROW SECURITY;MATERIALIZED VIEW DATA;DEFAULT ACL;PUBLICATION;PUBLICATION TABLE;' +
    'PUBLICATION TABLES IN SCHEMA;SUBSCRIPTION;EXTENDED STATISTICS DATA'
  ).split(';'),
);

/** The section pg_dump puts a kind into. */
export function sectionOf(kind: string): Section {
  if (NONE.has(kind)) return 'none';
  if (DATA.has(kind)) return 'data';
  return POST_DATA.has(kind) ? 'post-data' : 'pre-data';
}

export function make(
  kind: string,
  schema: string | null,
  name: string,
  more: Partial<Pick<Made, 'owner' | 'on' | 'which'>> = {},
): Made {
  return { kind, schema, name, section: sectionOf(kind), ...more };
}
