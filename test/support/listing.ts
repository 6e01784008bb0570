/** Lines of `pg_restore -l` without the OIDs, which no two dumps share. */
export function listing(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => /^\d+;/.test(line))
    .map((line) => line.replace(/^(\d+); \d+ \d+ /, '$1; '));
}

/** An entry as `pg_restore -l` prints it, without the OIDs. */
export function listingLine(entry: {
  id: number;
  kind: string;
  schema: string | null;
  name: string;
  owner: string | null;
}): string {
  const plain = (text: string): string => text.replace(/[\r\n]/g, ' ');
  return `${entry.id}; ${entry.kind} ${plain(entry.schema ?? '-')} ${plain(entry.name)} ${plain(entry.owner ?? '')}`;
}

/** Whether `pg_restore -l` shows an entry without `-v` and `-C`. */
export function listed({ kind, name }: { kind: string; name: string }): boolean {
  if (['ENCODING', 'STDSTRINGS', 'SEARCHPATH'].includes(kind) || /^DATABASE/.test(kind)) return false;
  return !(['COMMENT', 'ACL', 'SECURITY LABEL'].includes(kind) && name.startsWith('DATABASE '));
}
