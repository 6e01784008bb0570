/** Commands whose argument is the rest of the line, whatever it holds. Source: command.c, OT_WHOLE_LINE. */
const WHOLE_LINE = /^\\(?:!|copy|ef|ev|sf|sv|h|help)\+?(?:\s|$)/;
/** Commands whose argument is one when it begins with a pipe. Source: command.c, OT_FILEPIPE. */
const PIPE = /^\\(?:g|gx|o|out|w|write)\s*\|/;

/**
 * Where a psql command that begins with the text (the rest of its line) ends: at the end of the line, before another
 * command, or before `\\`, behind which SQL goes on. Source: psqlscanslash.l.
 */
export function commandEnd(text: string): number {
  if (WHOLE_LINE.test(text) || PIPE.test(text)) return text.length;
  let quote = '';
  for (let at = 1; at < text.length; at++) {
    const character = text[at]!;
    if (quote) {
      if (character === '\\' && quote === "'") at++;
      else if (character === quote) quote = '';
    } else if (character === '\\') return at;
    else if (at > 1 && (character === "'" || character === '"' || character === '`')) quote = character;
  }
  return text.length;
}

/** What a command does with the statement that is being written: psql's query buffer. */
export function effectOnStatement(command: string): 'sent' | 'dropped' | 'none' {
  const name = /^\\([a-z_]*)/.exec(command)![1]!;
  if (/^(?:g|gx|gset|gexec|crosstabview|watch|sendpipeline)$/.test(name)) return 'sent';
  if (/^(?:gdesc|parse|close|close_prepared|r|reset)$/.test(name)) return 'dropped';
  return 'none';
}

/** `\copy … from stdin`: rows follow in the script. */
export function copiesFromScript(command: string): boolean {
  return /^\\copy\b.*\bfrom\s+p?stdin\b/i.test(command);
}
