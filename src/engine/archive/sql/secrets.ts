import { tokens, type Token } from './tokens';

export const MASK = '••••••';

/** Names of options that hold secrets: of user mappings, servers, subscriptions. */
const SECRET = /pass(?:word|wd|phrase|code)?$|secret|token|api_?key|credential/i;
const IN_CONNINFO =
  /(\bpass(?:word|wd|file|phrase)\s*=\s*)(?:'(?:[^'\\]|\\.)*'|\S+)|(:\/\/[^:/@\s]*:)[^@\s]*(?=@)/gi;

/**
 * A definition without the secrets it holds: passwords of roles (hashes too) and user mappings, connection strings of
 * subscriptions. Everything else stays as it is.
 */
export function maskSecrets(definition: string): string {
  if (!/pass|secret|token|api_?key|credential|connection/i.test(definition)) return definition;
  let masked = '';
  let copied = 0;
  let before: Token | null = null;
  let beforeThat: Token | null = null;
  for (const token of tokens(definition)) {
    // Bodies of functions are code: `password = …` compares there.
    if (token.type === 'string' && definition[token.start] !== '$') {
      const name = before && (before.type === 'word' || before.type === 'name') ? before.text : '';
      const named = SECRET.test(name) || (before?.text === '=' && SECRET.test(beforeThat?.text ?? ''));
      // The quotes stay, and what makes it an escape string.
      const written = definition.slice(token.start, token.end);
      const inner = named
        ? written.replace(/'[\s\S]*'/, `'${MASK}'`)
        : written.replace(IN_CONNINFO, `$1$2${MASK}`);
      masked += definition.slice(copied, token.start) + inner;
      copied = token.end;
    }
    beforeThat = before;
    before = token;
  }
  return masked + definition.slice(copied);
}
