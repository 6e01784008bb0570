/** A word as a POSIX shell reads it back unchanged; bare where nothing needs quoting. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A word as PowerShell reads it back unchanged. */
export function quotePowerShellWord(word: string): string {
  return /^[\w:./\\=-]+$/.test(word) ? word : `'${word.replaceAll("'", "''")}'`;
}
