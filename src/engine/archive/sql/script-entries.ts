import * as l10n from '@vscode/l10n';
import { columnCount, copyTarget } from '../rows/columns';
import { entryLabel } from '../toc/entries';
import type { Entry, Fault, MetaCommand, Section } from '../types';
import { classify, type Made } from './classify';
import type { CopyReader } from './copy-reader';
import { DataRanges } from './data-ranges';
import { entryComment, type EntryComment } from './entry-comment';
import { connectedDatabase, isOwnMeta } from './meta';
import { InsertTargets, type TableName } from './insert-targets';
import type { ScriptHandler, StatementFacts } from './scanner';
import type { Captured } from './statement-capture';

/** COPY blocks of one entry; those of a script that has more make further entries. */
const MOST_BLOCKS = 65_536;

/** A script entry with where its rows lie. */
export interface ScriptEntry extends Entry {
  data: DataRanges | null;
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
  /** The entries of tables whose rows no comment of pg_dump's announces. */
  #commentedKey = '';
  readonly #byTable = new Map<string, ScriptEntry>();
  /** The entry and target of the statement before, when that was an INSERT. */
  #inserting: ScriptEntry | null = null;
  #lastTarget: TableName | null = null;
  readonly #targets = new InsertTargets();
  #escapes = false;
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
    this.#inserting = null;
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
      ...{ hasData: false, bytes: null, data: null },
      ...(this.#database === null ? {} : { database: this.#database }),
    };
    this.entries.push(entry);
    this.#current = entry;
    this.#inserting = null;
    return entry;
  }

  statement(
    statement: Captured,
    { verb, tuples, configures }: StatementFacts,
  ): { copyColumns: number | null } | null {
    if (verb === 'insert') {
      this.setsStrings ||= configures;
      this.#insert(statement, tuples);
      return null;
    }
    this.#inserting = null;
    const { text } = statement;
    if (verb === 'set') {
      this.#set(text);
      return null;
    }
    if (CHANGES_SETTINGS.test(text)) this.setsStrings = true;
    if (verb === 'copy') return this.#copyFrom(text);
    this.#other(verb, text);
    return null;
  }

  #set(text: string): void {
    const strings = /^set\s+(?:session\s+)?standard_conforming_strings\s*(?:=|to)\s*'?(\w+)'?\s*$/i.exec(
      text,
    );
    if (strings) {
      this.#escapes = /^(?:off|false|no|0)$/i.test(strings[1]!);
      this.#onEscapes(this.#escapes);
    } else if (/standard_conforming_strings/i.test(text)) this.setsStrings = true;
  }

  #copyFrom(text: string): { copyColumns: number | null } | null {
    const target = copyTarget(text);
    if (!target) return null;
    const entry = this.#dataEntry({ schema: target.schema, name: target.table }, text + ';\n');
    this.#copying = entry;
    return { copyColumns: columnCount(entry.copyStatement) };
  }

  copied(counter: CopyReader, line: number, offset: number, end: number): void {
    const entry = this.#copying;
    if (!entry) return;
    entry.data!.add(offset, end, counter.rows, false);
    entry.bytes = (entry.bytes ?? 0) + end - offset;
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

  #insert(statement: Captured, tuples: number): void {
    const target = this.#targets.of(statement);
    if (!target) return;
    const entry =
      this.#inserting && this.#lastTarget === target ? this.#inserting : this.#dataEntry(target, '');
    this.#lastTarget = target;
    const { offset, bytes } = statement;
    // With its semicolon.
    entry.data!.add(offset, offset + bytes + 1, tuples || null, this.#inserting === entry);
    entry.bytes = (entry.bytes ?? 0) + bytes + 1;
    this.#inserting = entry;
  }

  /**
   * The entry rows belong to: the one of pg_dump's comment, else one for all rows of the table that are told in the
   * same way. `copyStatement` is empty for INSERT.
   */
  #dataEntry(target: { schema: string | null; name: string }, copyStatement: string): ScriptEntry {
    const current = this.#current;
    const key = JSON.stringify([this.#database, target.schema, target.name, copyStatement]);
    // By way of a partition's root rows go to another table than the comment names, but all to the same.
    if (this.#commented && current?.kind === 'TABLE DATA' && (!current.data || this.#commentedKey === key)) {
      unblank(current, target);
      this.#commentedKey = key;
      return this.#withData(current, copyStatement);
    }
    this.#commented = false;
    let entry = this.#byTable.get(key);
    if (entry && (!copyStatement || entry.data!.statements < MOST_BLOCKS)) return entry;
    entry = this.#add({ kind: 'TABLE DATA', schema: target.schema, name: target.name, section: 'data' });
    this.#byTable.set(key, entry);
    return this.#withData(entry, copyStatement);
  }

  #withData(entry: ScriptEntry, copyStatement: string): ScriptEntry {
    if (entry.data) return entry;
    entry.data = new DataRanges(copyStatement ? 'copy' : 'insert', 'UTF8', this.#escapes);
    entry.copyStatement = copyStatement;
    entry.hasData = true;
    return entry;
  }

  #other(verb: string, text: string): void {
    const current = this.#current;
    if (this.#commented && current && !(this.#defined && verb === 'create' && startsAnother(current, text))) {
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
    this.#inserting = null;
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
