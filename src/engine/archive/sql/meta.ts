/**
 * Whether a psql command is one that pg_dump and pg_dumpall write themselves, in exactly their form:
 * a connection string with anything but a database's name, or a word psql would expand, is not.
 */
export function isOwnMeta(command: string): boolean {
  return (
    /^\\(?:un)?restrict (?:[A-Za-z0-9]+|\(null\))$/.test(command) ||
    /^\\encoding SQL_ASCII$/.test(command) ||
    /^\\connect [A-Za-z0-9_.]+$/.test(command) ||
    // "dbname='My Db'": the quote is doubled for psql, the apostrophe escaped for libpq.
    /^\\connect -reuse-previous=on "dbname='(?:[^"'\\]|""|\\['\\])*'"$/.test(command)
  );
}

/** The database a `\connect` of pg_dump's goes to; null for other commands. */
export function connectedDatabase(command: string): string | null {
  const quoted = /^\\connect -reuse-previous=on "dbname='((?:[^"'\\]|""|\\['\\])*)'"$/.exec(command);
  if (quoted) return quoted[1]!.replaceAll('""', '"').replace(/\\(['\\])/g, '$1');
  return /^\\connect ([A-Za-z0-9_.]+)$/.exec(command)?.[1] ?? null;
}
