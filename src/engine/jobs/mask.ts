const shown = '•••';

/**
 * Replaces every given secret, and the forms it takes on its way through connection strings
 * (percent-encoded), conninfo and SQL literals (quotes and backslashes escaped) and JSON, by `•••`.
 * The returned function takes one line or any longer text.
 *
 * A secret that spans lines is masked line by line as well, because logs are read by lines.
 */
export function maskLine(secrets: Iterable<string>): (text: string) => string {
  const forms = new Set<string>();
  for (const secret of secrets) for (const form of formsOf(secret)) if (form.trim() !== '') forms.add(form);
  if (forms.size === 0) return (text) => text;
  // Longest first: a form that contains another one must not leave its rest behind.
  const pattern = new RegExp(
    [...forms]
      .sort((a, b) => b.length - a.length)
      .map(escapePattern)
      .join('|'),
    'g',
  );
  return (text) => text.replace(pattern, shown);
}

function formsOf(secret: string): string[] {
  const whole = [
    secret,
    ...(secret.includes('\n') ? secret.split(/\r?\n/).filter((l) => l.length >= 4) : []),
  ];
  return whole.flatMap((text) => [
    text,
    encodeURIComponent(toWellFormed(text)),
    encodeURIComponent(toWellFormed(text)).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    encodeURI(toWellFormed(text)),
    strictPercent(text),
    text.replace(/[\\']/g, '\\$&'),
    text.replace(/'/g, "''"),
    text.replace(/[\\:]/g, '\\$&'),
    JSON.stringify(text).slice(1, -1),
    text.replace(/'/g, `'\\''`),
  ]);
}

/** Every byte that is not unreserved percent-encoded: also `!'()*`, which encodeURIComponent leaves. */
function strictPercent(text: string): string {
  return encodeURIComponent(toWellFormed(text)).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Lone surrogates would make encodeURIComponent throw. */
function toWellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/** A masker whose secrets grow while a job runs: passwords found in the password file join those given. */
export class Masker {
  readonly #secrets = new Set<string>();
  #mask: (text: string) => string = (text) => text;

  constructor(secrets: Iterable<string>) {
    for (const secret of secrets) this.#secrets.add(secret);
    this.#mask = maskLine(this.#secrets);
  }

  add(secret: string): void {
    if (this.#secrets.has(secret)) return;
    this.#secrets.add(secret);
    this.#mask = maskLine(this.#secrets);
  }

  text(text: string): string {
    return this.#mask(text);
  }

  /**
   * The same value with every string in it masked, except strings in `known`: what the plan says is
   * no secret (it is on disk already), and a path must stay a path even where the password happens
   * to equal a folder's name.
   */
  value<T>(value: T, known?: ReadonlySet<string>): T {
    if (typeof value === 'string') return (known?.has(value) ? value : this.text(value)) as T;
    if (Array.isArray(value)) return value.map((item) => this.value(item, known)) as T;
    if (value && typeof value === 'object')
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, this.value(item, known)]),
      ) as T;
    return value;
  }
}

/** Puts chunks together into lines, so that a secret cut by a chunk's border is whole when it is masked. */
export class LineBuffer {
  #rest = '';
  readonly #onLine: (line: string) => void;
  readonly #longest: number;

  /** @param longest characters after which a line without an end is given on as it is; bounds the memory. */
  constructor(onLine: (line: string) => void, longest = 1 << 20) {
    this.#onLine = onLine;
    this.#longest = longest;
  }

  push(chunk: string): void {
    const lines = (this.#rest + chunk).split(/\r?\n/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line);
    if (this.#rest.length > this.#longest) this.end();
  }

  end(): void {
    const rest = this.#rest;
    this.#rest = '';
    if (rest) this.#onLine(rest);
  }
}
