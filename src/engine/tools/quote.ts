/** A word as a POSIX shell reads it back unchanged; bare where nothing needs quoting. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A word as PowerShell reads it back unchanged. */
export function quotePowerShellWord(word: string): string {
  return /^[\w:./\\=-]+$/.test(word) ? word : `'${word.replaceAll("'", "''")}'`;
}

/** A person's copy command with its two places put in, for the shell: quoted, so that the command itself quotes neither. */
export function renderCopyCommand(command: string, source: string, target: string): string {
  return command.replace(/%(source|target)/g, (_all, place: string) =>
    quoteWord(place === 'source' ? source : target),
  );
}
