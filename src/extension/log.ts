import * as vscode from 'vscode';

/** Stands in for a secret. */
const masked = '••••••';

/** Shortest text treated as a known secret: shorter ones would blot out half of the log. */
const shortestSecretLength = 3;

/**
 * The extension's log channel. Nothing reaches it unmasked: known passwords, passwords in URIs and
 * `password=…` words are replaced, whoever logged them.
 */
export class Log implements vscode.Disposable {
  readonly #channel: vscode.LogOutputChannel;
  readonly #secrets = new Set<string>();

  constructor(channel = vscode.window.createOutputChannel('Restore Point', { log: true })) {
    this.#channel = channel;
  }

  /** From now on this text is masked, also as it looks percent-coded in a URI. */
  hide(secret: string): void {
    if (secret.length < shortestSecretLength) return;
    this.#secrets.add(secret);
    this.#secrets.add(encodeURIComponent(secret));
  }

  mask(text: string): string {
    let result = text;
    for (const secret of this.#secrets) result = result.replaceAll(secret, masked);
    return maskPatterns(result);
  }

  info(text: string): void {
    this.#channel.info(this.mask(text));
  }

  warn(text: string): void {
    this.#channel.warn(this.mask(text));
  }

  error(text: string): void {
    this.#channel.error(this.mask(text));
  }

  show(): void {
    this.#channel.show(true);
  }

  dispose(): void {
    this.#channel.dispose();
  }
}

/** Passwords told by their surroundings: `scheme://user:HERE@`, `password=HERE`, `PGPASSWORD=HERE`. */
function maskPatterns(text: string): string {
  return text
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@]*@/gi, `$1${masked}@`)
    .replace(/(\b\w*password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s&]+)/gi, `$1${masked}`);
}
