import * as l10n from '@vscode/l10n';
import { columnCount, copyTarget } from '../rows/columns';
import type { CopyCounter } from '../rows/copy-counter';
import { entryLabel } from '../toc/entries';
import type { Entry, Fault, MetaCommand, Section } from '../types';
import { classify, type Made } from './classify';
import { entryComment, type EntryComment } from './entry-comment';
import { connectedDatabase, isOwnMeta } from './meta';
import type { ScriptHandler, Statement } from './scanner';

/** A script entry with what was counted of its rows. */
export interface ScriptEntry extends Entry {
  rows: number;
  /** Byte of the script its rows begin at. */
  dataOffset: number | null;
}

/** A script never has more psql commands listed than this; the rest would tell nothing new. */
const MOST_COMMANDS = 1000;
const SHOWN = 500;
/** Definitions of one entry are kept up to this size. */
const LARGEST_DEFINITION = 4 * 1024 * 1024;

/** What may change how strings are read, besides SET; pg_dump's own call is another one. */
const CHANGES_SETTINGS = /standard_conforming|set_config *\( *(?!'search_path')/i;

/** Turns what a script consists of into entries, as an archive has them. */
export class ScriptEntries implements ScriptHandler {
  readonly entries: ScriptEntry[] = [];
  readonly metaCommands: MetaCommand[] = [];
  readonly faults: Fault[] = [];
  /** From pg_dump's comments. */
  serverVersion: string | null = null;
  toolVersion: string | null = null;
  createdAt: string | null = null;
  /** The first database a `\connect` of the script goes to. */
  connectsTo: string | null = null;
  /** Headings seen less closing lines seen: not 0 at the end of a pg_dump script that is cut short. */
  openDumps = 0;
  heading: 'database' | 'cluster' | null = null;
  /** A statement may change `standard_conforming_strings` in a way that only a server could follow. */
  setsStrings = false;
  #current: ScriptEntry | null = null;
  /** Whether the current entry is one of pg_dump's comments, and whether it has its statement. */
  #commented = false;
  #defined = false;
  #database: string | null = null;
  #copying: ScriptEntry | null = null;
  readonly #onEscapes: (escapes: boolean) => void;

  /** `onEscapes` is told when the script changes whether backslashes escape in strings. */
  constructor(onEscapes: (escapes: boolean) => void) {
    this.#onEscapes = onEscapes;
  }

  comment(text: string): void {
    const entry = entryComment(text);
    if (entry) return this.#beginCommented(entry);
    const trimmed = text.trim();
    if (trimmed === 'PostgreSQL database dump') this.#heading('database');
    else if (trimmed === 'PostgreSQL database cluster dump') this.#heading('cluster');
    else if (/^PostgreSQL database (?:cluster )?dump complete$/.test(trimmed)) {
      this.openDumps--;
      this.#leave();
    } else this.#fact(trimmed);
  }

  #heading(scope: 'database' | 'cluster'): void {
    this.heading ??= scope;
    this.openDumps++;
    this.#leave();
  }

  #fact(comment: string): void {
    const server = /^Dumped from database version (.+)$/.exec(comment);
    const tool = /^Dumped by pg_dump version (.+)$/.exec(comment);
    const started = /^Started on (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)?( UTC)?/.exec(comment);
    const database = /^Database "(.*)" dump$/.exec(comment);
    if (server) this.serverVersion ??= server[1]!;
    else if (tool) this.toolVersion ??= tool[1]!;
    // Other zones are written as names that mean different things in different places.
    else if (started) this.createdAt ??= `${started[1]}T${started[2]}${started[3] ? 'Z' : ''}`;
    else if (database) {
      this.#database = database[1]!.replaceAll('""', '"');
      this.#leave();
    } else if (/^(?:Roles|User Configurations|Role memberships|Tablespaces|Databases)$/.test(comment))
      this.#leave();
  }

  #leave(): void {
    this.#current = null;
    this.#commented = false;
  }

  #beginCommented({ kind, schema, name, owner, tablespace }: EntryComment): void {
    const entry = this.#add({ kind, schema, name, section: sectionOf(kind) });
    entry.owner = owner;
    if (tablespace) entry.tablespace = tablespace;
    this.#commented = true;
    this.#defined = false;
  }

  #add({ kind, schema, name, section }: Made): ScriptEntry {
    const entry: ScriptEntry = {
      id: this.entries.length + 1,
      ...{ kind, schema, name, owner: null, section },
      ...{ definition: '', dropStatement: '', copyStatement: '', dependencies: [] },
      ...{ hasData: false, bytes: null, rows: 0, dataOffset: null },
      ...(this.#database === null ? {} : { database: this.#database }),
    };
    this.entries.push(entry);
    this.#current = entry;
    return entry;
  }

  statement(statement: Statement): { copyColumns: number | null } | null {
    if (statement.verb !== 'set' && CHANGES_SETTINGS.test(statement.text)) this.setsStrings = true;
    switch (statement.verb) {
      case 'set':
        this.#set(statement.text);
        return null;
      case 'copy':
        return this.#copy(statement);
      case 'insert':
        this.#insert(statement);
        return null;
      default:
        this.#other(statement);
        return null;
    }
  }

  #set(text: string): void {
    const strings = /^set\s+(?:session\s+)?standard_conforming_strings\s*(?:=|to)\s*'?(\w+)'?\s*$/i.exec(
      text,
    );
    if (strings) this.#onEscapes(/^(?:off|false|no|0)$/i.test(strings[1]!));
    else if (/standard_conforming_strings/i.test(text)) this.setsStrings = true;
  }

  #copy(statement: Statement): { copyColumns: number | null } | null {
    const target = copyTarget(statement.text);
    if (!target) return null;
    const entry = this.#dataEntry(target.schema, target.table);
    entry.copyStatement = statement.text + ';\n';
    entry.hasData = true;
    this.#copying = entry;
    return { copyColumns: columnCount(entry.copyStatement) };
  }

  copied(counter: CopyCounter, line: number, offset: number): void {
    const entry = this.#copying;
    if (!entry) return;
    entry.rows += counter.rows;
    entry.bytes = (entry.bytes ?? 0) + counter.bytes;
    entry.dataOffset ??= offset;
    const fault = (what: string): void => void this.faults.push({ what, entry: entryLabel(entry), offset });
    if (!counter.ended)
      fault(l10n.t('its rows are cut short after {0} rows: the end line is missing', counter.rows));
    if (counter.misfit) fault(l10n.t('row {0} has not as many columns as the table', counter.misfit));
    // Rows are only rows while their COPY succeeds: a backslash command hidden among them would be
    // run when it fails and psql goes on.
    if (counter.oddEscapeAfter !== null)
      this.#command(
        l10n.t('(a backslash in the rows of {0} that no server writes)', entry.name),
        line + counter.oddEscapeAfter,
        false,
      );
  }

  #insert(statement: Statement): void {
    const made = classify(statement.text.slice(0, 10_000));
    if (!made) return;
    const entry = this.#dataEntry(made.schema, made.name);
    entry.hasData = true;
    entry.rows += statement.tuples;
    entry.bytes = (entry.bytes ?? 0) + statement.bytes;
    entry.dataOffset ??= statement.offset;
  }

  /** The entry rows belong to: the one of pg_dump's comment, or the one of the same table just before. */
  #dataEntry(schema: string | null, name: string): ScriptEntry {
    const current = this.#current;
    if (current?.kind === 'TABLE DATA')
      if (this.#commented || (current.schema === schema && current.name === name)) {
        unblank(current, { schema, name });
        return current;
      }
    this.#commented = false;
    return this.#add({ kind: 'TABLE DATA', schema, name, section: 'data' });
  }

  #other(statement: Statement): void {
    const { text } = statement;
    const current = this.#current;
    if (
      this.#commented &&
      current &&
      !(this.#defined && statement.verb === 'create' && startsAnother(current, text))
    ) {
      if (this.#defined && /^ALTER .* OWNER TO /s.test(text)) return;
      if (!this.#defined && /[\r\n]/.test(text)) unblank(current, classify(text));
      this.#defined = true;
      if (current.kind === 'BLOBS') current.hasData = true;
      append(current, text);
      return;
    }
    const made = classify(text);
    if (!made) return;
    this.#commented = false;
    append(this.#add(made), text);
  }

  meta(text: string, line: number): void {
    const own = isOwnMeta(text);
    this.#command(text, line, own);
    const database = own ? connectedDatabase(text) : null;
    if (database === null) return;
    this.connectsTo ??= database;
    if (this.heading === 'cluster') this.#database = database;
  }

  #command(text: string, line: number, own: boolean): void {
    // Dangerous ones are always listed, however many of pg_dump's own came before.
    if (own && this.metaCommands.length >= MOST_COMMANDS) return;
    if (this.metaCommands.length >= 2 * MOST_COMMANDS) return;
    this.metaCommands.push({ line, text: text.length > SHOWN ? text.slice(0, SHOWN) + '…' : text, own });
  }
}

function append(entry: ScriptEntry, text: string): void {
  if (entry.definition.length + text.length <= LARGEST_DEFINITION) entry.definition += text + ';\n';
}

/** In pg_dump's comments line breaks of names are blanks; the statement below has the name itself. */
function unblank(entry: ScriptEntry, made: { schema: string | null; name: string } | null): void {
  const blank = (text: string): string => text.replace(/[\r\n]/g, ' ');
  if (made && blank(made.name) === entry.name) entry.name = made.name;
  if (made?.schema && entry.schema && blank(made.schema) === entry.schema) entry.schema = made.schema;
}

/** A CREATE statement behind an entry that has its own already: hand-written, when it makes another thing. */
function startsAnother(current: ScriptEntry, text: string): boolean {
  const made = classify(text);
  return (
    made !== null && (made.kind !== current.kind || made.name !== current.name) && current.kind !== 'TYPE'
  );
}

const NO_SECTION = new Set(['COMMENT', 'ACL', 'SECURITY LABEL']);
const DATA = new Set(['TABLE DATA', 'BLOBS', 'BLOB METADATA', 'SEQUENCE SET', 'STATISTICS DATA']);
const POST_DATA = new Set(
  (
    'CONSTRAINT;CHECK CONSTRAINT;FK CONSTRAINT;INDEX;INDEX ATTACH;STATISTICS;TRIGGER;EVENT TRIGGER;RULE;POLICY;' +
    'ROW SECURITY;MATERIALIZED VIEW DATA;DEFAULT ACL;PUBLICATION;PUBLICATION TABLE;' +
    'PUBLICATION TABLES IN SCHEMA;SUBSCRIPTION;EXTENDED STATISTICS DATA'
  ).split(';'),
);

function sectionOf(kind: string): Section {
  if (NO_SECTION.has(kind)) return 'none';
  if (DATA.has(kind)) return 'data';
  return POST_DATA.has(kind) ? 'post-data' : 'pre-data';
}
