export interface EntryComment {
  kind: string;
  schema: string | null;
  name: string;
  owner: string | null;
  tablespace?: string;
}

/**
 * pg_dump's comment above an entry, without the dashes: `Name: x; Type: TABLE; Schema: public; Owner: me`.
 * Split from the right, since names may hold `; Type: ` themselves. Null when it is another comment.
 */
export function entryComment(comment: string): EntryComment | null {
  const start = /^ (?:Data for |Statistics for )?Name: /.exec(comment);
  if (!start) return null;
  let rest = comment.slice(start[0].length);
  const cut = (label: string): string | null => {
    const at = rest.lastIndexOf(`; ${label}: `);
    if (at < 0) return null;
    const value = rest.slice(at + label.length + 4);
    rest = rest.slice(0, at);
    return value;
  };
  const tablespace = cut('Tablespace');
  const owner = cut('Owner');
  const schema = cut('Schema');
  const kind = cut('Type');
  if (owner === null || schema === null || kind === null) return null;
  const named = (value: string): string | null => (value === '-' || value === '' ? null : value);
  return {
    kind,
    schema: named(schema),
    name: rest,
    owner: named(owner),
    ...(tablespace ? { tablespace } : {}),
  };
}
