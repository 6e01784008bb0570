import type { JobMessage } from '../jobs/events';

/** One message of pg_restore or psql taken apart, before it is judged. Every text may be absent. */
export interface ToolMessage {
  severity: JobMessage['severity'];
  /** SQLSTATE as printed by psql; pg_restore prints none. */
  sqlState: string | null;
  /** The primary message, without severity and SQLSTATE. */
  text: string;
  detail: string;
  hint: string;
  context: string;
  /** The server's function that raised it (psql verbose): `CreateRole`. */
  routine: string;
  /** pg_restore's own words before the server's message: `could not execute query`. */
  prefix: string;
  statement: string;
  /** `TABLE public orders app`, or null when the message names no entry. */
  entry: string | null;
  line: number | null;
}

export interface MessageReader {
  /** Takes one line of standard error; returns the messages it completed. */
  push(line: string): ToolMessage[];
  /** The last message, when the tool has ended. */
  end(): ToolMessage[];
  /** What `errors ignored on restore: N` said; null while it has not. */
  readonly ignored: number | null;
}

export interface ReaderSources {
  /** Name of an archive's entry by its dump id, as `pg_restore -l` prints it. */
  entryById?: (dumpId: number) => string | undefined;
  /** Name of the script's entry a line belongs to. */
  entryAtLine?: (line: number) => string | null;
}

/** Longer statements are shortened: a COPY or INSERT may carry a table's whole content. */
const statementLimit = 2000;

function blank(severity: ToolMessage['severity'], text: string): ToolMessage {
  return {
    severity,
    sqlState: null,
    text,
    detail: '',
    hint: '',
    context: '',
    routine: '',
    prefix: '',
    statement: '',
    entry: null,
    line: null,
  };
}

/** Takes `ERROR:  42710: role "x" already exists` apart; null when the text is not the server's. */
function serverMessage(text: string): { level: string; sqlState: string | null; text: string } | null {
  const match = /^(ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|LOG|DEBUG):\s+(?:([0-9A-Z]{5}):\s)?([^]*)$/.exec(
    text,
  );
  return match ? { level: match[1]!, sqlState: match[2] ?? null, text: match[3]! } : null;
}

/** Adds one continuation line (`DETAIL: …`, a second line of the message) to the message. */
function addLine(
  message: ToolMessage,
  line: string,
  field: keyof ToolMessage | null,
): keyof ToolMessage | null {
  const labelled = /^(DETAIL|HINT|CONTEXT|QUERY|LOCATION|STATEMENT):\s+(.*)$/.exec(line);
  if (labelled) {
    const [, label, rest] = labelled as unknown as [string, string, string];
    if (label === 'LOCATION') {
      message.routine = /^(\w+),/.exec(rest)?.[1] ?? '';
      return null;
    }
    const name = ({ DETAIL: 'detail', HINT: 'hint', CONTEXT: 'context', STATEMENT: 'statement' } as const)[
      label as 'DETAIL'
    ];
    if (name) message[name] = rest;
    return name ?? null;
  }
  const command = /^(?:Command was|Query was): (.*)$/.exec(line);
  if (command) {
    message.statement = command[1]!;
    return 'statement';
  }
  if (/^(SCHEMA|TABLE|COLUMN|CONSTRAINT|DATATYPE) NAME: /.test(line)) return null;
  if (/^LINE \d+: /.test(line)) return null;
  if (field && field !== 'line' && message[field] !== null) {
    const text = `${message[field] as string}\n${line}`;
    if (text.length <= statementLimit) (message[field] as string) = text;
  }
  return field;
}

abstract class Reader implements MessageReader {
  ignored: number | null = null;
  protected current: ToolMessage | null = null;
  private field: keyof ToolMessage | null = null;

  abstract push(line: string): ToolMessage[];

  end(): ToolMessage[] {
    const message = this.current;
    this.current = null;
    if (!message) return [];
    for (const key of ['text', 'detail', 'hint', 'context', 'statement'] as const)
      message[key] = message[key].trimEnd();
    return [message];
  }

  protected begin(message: ToolMessage): ToolMessage[] {
    const done = this.end();
    this.current = message;
    this.field = 'text';
    return done;
  }

  protected more(line: string): ToolMessage[] {
    if (this.current) this.field = addLine(this.current, line, this.field);
    return [];
  }
}

/**
 * Reads pg_restore's standard error. The entry a message is about stands in a line of its own before it
 * (`pg_restore: from TOC entry 4711; 1259 16393 TABLE orders app`, printed with `--verbose` only, and once
 * per entry), the statement after it (`Command was: …`, several lines).
 */
class RestoreReader extends Reader {
  private entry: string | null = null;
  /** The heads of two processes have come, and the text of one. */
  private torn = false;
  private readonly entryById: ReaderSources['entryById'];

  constructor(sources: ReaderSources) {
    super();
    this.entryById = sources.entryById;
  }

  push(line: string): ToolMessage[] {
    const own = untorn(line);
    if (own === null) {
      if (!this.torn || !line || progress.test(line)) return this.more(line);
      this.torn = false;
      return this.begin({ ...blank('error', line.replace(/^error: /, '')), entry: this.entry });
    }
    const { said, torn } = own;
    this.torn ||= torn;
    const toc = /^from TOC entry (\d+); \d+ \d+ (.*)$/.exec(said);
    if (toc) {
      this.entry = this.entryById?.(Number(toc[1])) ?? toc[2]!;
      return this.end();
    }
    if (said === 'while INITIALIZING:' || said === 'while FINALIZING:') this.entry = null;
    const noted = /^(error|warning|hint|detail): (.*)$/.exec(said);
    if (!noted) {
      const server = serverMessage(said);
      if (server?.level !== 'WARNING') return this.end();
      return this.begin({ ...blank('warning', server.text), entry: this.entry });
    }
    const [, level, text] = noted as unknown as [string, string, string];
    if (level === 'hint' || level === 'detail') return this.more(`${level.toUpperCase()}:  ${text}`);
    const ignored = /^errors ignored on restore: (\d+)$/.exec(text);
    if (ignored) {
      this.ignored = (this.ignored ?? 0) + Number(ignored[1]);
      return this.end();
    }
    const message = { ...blank(level as 'error' | 'warning', text), entry: this.entry };
    const split = /^(.*?): ((?:ERROR|FATAL|PANIC|WARNING): [^]*)$/.exec(text);
    const server = split && serverMessage(split[2]!);
    if (server) {
      message.prefix = split[1]!;
      message.sqlState = server.sqlState;
      message.text = server.text;
    } else {
      // libpq's own words, when there is no server any more to say something.
      const lost = /^(could not execute query|query failed|COPY failed for table ".*?"): (.*)$/.exec(text);
      if (lost) [, message.prefix, message.text] = lost as unknown as [string, string, string];
    }
    return this.begin(message);
  }
}

/** How pg_restore tells, with `--verbose`, what it does. */
const progress =
  /^(?:launching|processing|finished|skipping|creating|connecting|entering|dropping|executing|setting|reducing|transferring) /;

/**
 * What a line of pg_restore says; null for one that is not its own. Parallel workers write into one stream, and each message in
 * three pieces (name, severity, text; `pg_log_generic_v`), so heads of several can stand before one text. `torn`: the
 * text of an error may still come, in a line without a head.
 */
function untorn(line: string): { said: string; torn: boolean } | null {
  const head = /^(?:(?:pg_restore(?:\.exe)?: (?:\[[^\]]*\] )?)+(?:error: )*)+/.exec(line)?.[0];
  if (head === undefined) return null;
  const text = line.slice(head.length);
  const torn = progress.test(text) && head.indexOf('pg_restore') !== head.lastIndexOf('pg_restore');
  return { said: head.includes('error: ') && !torn ? `error: ${text}` : text, torn };
}

/** Reads psql's standard error: `psql:<stdin>:123: ERROR:  42710: …`, run as `psqlArgs` says. */
class PsqlReader extends Reader {
  private readonly entryAtLine: ReaderSources['entryAtLine'];

  constructor(sources: ReaderSources) {
    super();
    this.entryAtLine = sources.entryAtLine;
  }

  push(line: string): ToolMessage[] {
    const own = /^psql(?:\.exe)?:(?:(.*?):(\d+):)? (.*)$/.exec(line);
    const bare = own ? null : serverMessage(line);
    if (!own && !bare) return this.more(line);
    const said = own ? own[3]! : line;
    if (/^STATEMENT: {2}/.test(said)) return this.more(said);
    const at = own?.[2] ? Number(own[2]) : null;
    const server = bare ?? serverMessage(said);
    if (server) {
      if (!['ERROR', 'FATAL', 'PANIC', 'WARNING'].includes(server.level)) return this.end();
      const severity = server.level === 'WARNING' ? 'warning' : 'error';
      return this.begin({
        ...blank(severity, server.text),
        sqlState: server.sqlState,
        line: at,
        entry: at === null ? null : (this.entryAtLine?.(at) ?? null),
      });
    }
    const noted = /^(error|warning|fatal): (.*)$/.exec(said);
    if (!noted) return own && at === null ? this.end() : this.begin({ ...blank('error', said), line: at });
    return this.begin({
      ...blank(noted[1] === 'warning' ? 'warning' : 'error', noted[2]!),
      line: at,
      entry: at === null ? null : (this.entryAtLine?.(at) ?? null),
    });
  }
}

export function messageReader(dialect: 'pg_restore' | 'psql', sources: ReaderSources = {}): MessageReader {
  return dialect === 'psql' ? new PsqlReader(sources) : new RestoreReader(sources);
}
