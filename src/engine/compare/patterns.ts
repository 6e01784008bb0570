/** Whether a name is one of those asked for: `*` and `?` stand for any characters; undefined asks for all. */
export function fitsAny(name: string, patterns: readonly string[] | undefined): boolean {
  return patterns?.some((pattern) => fitting(pattern).test(name)) ?? true;
}

/** Tables are asked for as `schema.name` or `name`. */
export function isTableAsked(
  { schema, name }: { schema: string | null; name: string },
  { schemas, tables }: { schemas?: string[] | undefined; tables?: string[] | undefined },
): boolean {
  return (
    fitsAny(schema ?? '', schemas) && (fitsAny(name, tables) || fitsAny(`${schema ?? ''}.${name}`, tables))
  );
}

function fitting(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}
