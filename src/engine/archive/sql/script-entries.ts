import * as l10n from '@vscode/l10n';
import { copyRows, copyTarget, type CopyRows } from '../rows/columns';
import { entryLabel } from '../toc/entries';
import type { Entry, Fault, MetaCommand } from '../types';
import { ownerChange } from './altered';
import { classify } from './classify';
import type { CopyReader } from './copy-reader';
import { DataRanges } from './data-ranges';
import { deriveDependencies } from './derive';
import { droppedKey, objectKey } from './dropped';
import { entryComment, type EntryComment } from './entry-comment';
import { InsertTargets, type TableName } from './insert-targets';
import { make, type Made } from './made';
import { connectedDatabase, isOwnMeta } from './meta';
import { copiesFromScript } from './meta-command';
import { ScriptObjects } from './script-objects';
import type { ScriptHandler, StatementFacts } from './scanner';
import { ScriptFacts } from './script-facts';
import { ScriptSettings } from './script-settings';
import { signature } from './signature';
import type { Captured } from './statement-capture';
import { otherChange } from './other-changes';
import { verboseComment, type VerboseComment } from './verbose-comment';
import { Words } from './words';

/** A script never has more psql commands listed than this; the rest would tell nothing new. */
const MOST_COMMANDS = 1000;
const SHOWN = 500;
/** Faults beyond these tell nothing new either. */
const MOST_FAULTS = 10_000;
/** Definitions of one entry are kept up to this size. */
const LARGEST_DEFINITION = 4 * 1024 * 1024;
/** About what an entry takes without its definition: it is listed, and found in several ways. */
const ENTRY = 700;
/** COPY blocks of one entry; those of a script that has more make further entries. */
const MOST_BLOCKS = 65_536;

/** Kinds whose tablespace and access method are the session's when they are made. */
const IN_TABLESPACE = new Set(['TABLE', 'MATERIALIZED VIEW', 'INDEX', 'CONSTRAINT']);

/** Turns what a script consists of into entries, as an archive has them. */
export class ScriptEntries implements ScriptHandler {
  readonly entries: Entry[] = [];
  /** Where the rows of entries lie. */
  readonly data = new Map<number, DataRanges>();
  readonly largeObjects = new ScriptObjects();
  readonly metaCommands: MetaCommand[] = [];
  readonly faults: Fault[] = [];
  readonly facts = new ScriptFacts();
  readonly settings = new ScriptSettings();
  /** The first database a `\connect` of the script goes to. */
  connectsTo: string | null = null;
  readonly #onSettings: (settings: ScriptSettings) => void;
  #current: Entry | null = null;
  /** Whether the current entry is one of pg_dump's comments, and whether it has its statement. */
  #commented = false;
  #defined = false;
  #database: string | null = null;
  /** Entries of the COPY statements whose rows are still to come, and where the first of them stands. */
  readonly #awaiting: (Entry | null)[] = [];
  #awaitingSince = 0;
  #commentedKey = '';
  #verbose: VerboseComment | null = null;
  /** Entries of the present dump by the ids they had in it, and those whose dependencies are such ids. */
  #dumpIds = new Map<number, number>();
  #toTranslate: Entry[] = [];
  /** The entries of tables whose rows no comment of pg_dump's announces. */
  readonly #byTable = new Map<string, Entry>();
  /** What later statements speak of, and what was dropped before it is made. */
  readonly #byObject = new Map<string, Entry>();
  readonly #drops = new Map<string, string>();
  /** The entry and target of the statement before, when that was an INSERT. */
  #inserting: Entry | null = null;
  #lastTarget: TableName | null = null;
  readonly #targets = new InsertTargets();
  readonly #mostEntries: number;
  /** Characters of definitions that may still be kept. */
  #room: number;

  /**
   * `onSettings` is told when the script changes how it is read: encoding, escapes. `memory`: bytes that entries and
   * their definitions may take.
   */
  constructor(onSettings: (settings: ScriptSettings) => void, memory: number) {
    this.#onSettings = onSettings;
    this.#mostEntries = Math.floor(memory / 2 / ENTRY);
    this.#room = memory / 2;
  }

  comment(text: string): void {
    const entry = entryComment(text);
    if (entry) return this.#beginCommented(entry);
    const verbose = verboseComment(text, this.#verbose);
    if (verbose) {
      this.#verbose = verbose;
      return;
    }
    const found = this.facts.comment(text);
    if (!found || found.begins === 'facts') return;
    if (found.database !== undefined) this.#database = found.database;
    if (found.begins === 'dump') this.#translate();
    this.#leave();
  }

  #leave(): void {
    this.#inserting = null;
    this.#current = null;
    this.#commented = false;
  }

  /** After the last statement: what only the whole tells. */
  finish(): void {
    this.#translate();
    // Things that are made again have their DROP as `dropStatement`.
    for (const text of this.facts.heading ? [] : this.#drops.values())
      this.#listed(otherChange(new Words(text)), text);
    deriveDependencies(this.entries);
  }

  #listed(change: Made | null, text: string): void {
    const entry = change && this.#add(change);
    if (entry) this.#append(entry, text);
  }

  /** Dependencies of `-v` are told in the dump's own ids. */
  #translate(): void {
    for (const entry of this.#toTranslate)
      entry.dependencies = entry.dependencies.flatMap((id) => this.#dumpIds.get(id) ?? []);
    this.#toTranslate = [];
    this.#dumpIds = new Map();
  }

  #beginCommented({ kind, schema, name, owner, tablespace }: EntryComment): void {
    const entry = this.#add(make(kind, schema, name));
    if (!entry) return;
    entry.owner = owner;
    if (tablespace) entry.tablespace = tablespace;
    if (this.#verbose) {
      const { dumpId, oid, dependencies } = this.#verbose;
      Object.assign(entry, { dumpId, dependencies, ...(oid > 0 ? { oid } : {}) });
      this.#dumpIds.set(dumpId, entry.id);
      this.#toTranslate.push(entry);
      this.#verbose = null;
    }
    this.#commented = true;
    this.#defined = false;
  }

  #add({ kind, schema, name, section, owner }: Made): Entry | null {
    this.#inserting = null;
    this.#current = null;
    this.#commented = false;
    if (this.entries.length >= this.#mostEntries) {
      if (this.#room >= 0) {
        this.#room = -1;
        const what = l10n.t(
          'the script holds more than {0} objects; the others are not listed',
          this.#mostEntries,
        );
        this.#fault({ what, entry: null, offset: null });
      }
      return null;
    }
    const entry: Entry = {
      id: this.entries.length + 1,
      ...{ kind, schema, name, owner: owner ?? null, section },
      ...{ definition: '', dropStatement: '', copyStatement: '', dependencies: [] },
      ...{ hasData: false, bytes: null },
      ...(this.#database === null ? {} : { database: this.#database }),
    };
    this.entries.push(entry);
    this.#current = entry;
    return entry;
  }

  statement(statement: Captured, facts: StatementFacts): CopyRows | null {
    const { verb } = facts;
    this.settings.unclear ||= facts.configures;
    if (verb === 'insert') {
      this.#insert(statement, facts);
      return null;
    }
    this.#inserting = null;
    // Contents of large objects: megabytes of it, and nothing to see.
    if (this.#current?.kind === 'BLOBS' && this.#largeObject(statement, verb)) return null;
    const { text } = statement;
    if (verb === 'set' || verb === 'reset') {
      this.settings.set(text);
      this.#onSettings(this.settings);
      return null;
    }
    this.settings.other(text);
    if (verb === 'copy') {
      if (this.#awaiting.length === 0) this.#awaitingSince = statement.offset;
      return this.#copyFrom(text);
    }
    this.#other(verb, text);
    return null;
  }

  #copyFrom(text: string): CopyRows | null {
    if (!copyTarget(text)) return null;
    this.#awaiting.push(this.#copyTarget(text));
    return copyRows(text);
  }

  #copyTarget(text: string): Entry | null {
    const target = copyTarget(text);
    return target && this.#dataEntry({ schema: target.schema, name: target.table }, text + ';\n');
  }

  copied(copy: CopyReader, line: number, offset: number, end: number): void {
    const entry = this.#awaiting.shift();
    this.#inserting = null;
    if (!entry) return;
    this.data.get(entry.id)!.addCopy(offset, end, copy.rows, copy.decoded);
    entry.bytes = (entry.bytes ?? 0) + end - offset;
    const fault = (what: string): void => this.#fault({ what, entry: entryLabel(entry), offset });
    if (!copy.ended)
      fault(l10n.t('its rows are cut short after {0} rows: the end line is missing', copy.rows));
    if (copy.quoted) fault(l10n.t('row {0} ends inside a quoted value', copy.rows));
    else if (copy.misfit) fault(l10n.t('row {0} has not as many columns as the table', copy.misfit));
    // Rows are only rows while their COPY succeeds: a backslash command hidden among them would be
    // run when it fails and psql goes on.
    if (copy.oddEscapeAfter !== null)
      this.#command(
        l10n.t('(a backslash in the rows of {0} that no server writes)', entry.name),
        line + copy.oddEscapeAfter,
        false,
      );
  }

  #insert(statement: Captured, { tuples, terminated, alike }: StatementFacts): void {
    const target = this.#targets.of(statement, alike);
    if (!target) {
      this.#inserting = null;
      return;
    }
    const same = this.#inserting && this.#lastTarget === target ? this.#inserting : null;
    const entry = same ?? this.#dataEntry(target, '');
    if (!entry) return;
    this.#lastTarget = target;
    const { offset, bytes } = statement;
    // Rows of a COPY before it may lie inside of it or behind it: it is read from that COPY on.
    const copying = this.#awaiting.length > 0;
    const range = {
      from: copying ? this.#awaitingSince : offset,
      to: offset + bytes + (terminated ? 1 : 0),
      own: bytes + 1,
      mixed: copying || !terminated,
    };
    this.data.get(entry.id)!.addInsert(range, tuples || null, this.#inserting === entry);
    entry.bytes = (entry.bytes ?? 0) + bytes + 1;
    this.#inserting = range.mixed ? null : entry;
  }

  /**
   * The entry rows belong to: the one of pg_dump's comment, else one for all rows of the table that are told in the
   * same way. `copyStatement` is empty for INSERT.
   */
  #dataEntry(target: TableName, copyStatement: string): Entry | null {
    const current = this.#current;
    const { encoding, escapes } = this.settings;
    const key = JSON.stringify([
      ...[this.#database, target.schema, target.name, copyStatement],
      ...[encoding, escapes],
    ]);
    // By way of a partition's root rows go to another table than the comment names, but all to the same.
    if (
      this.#commented &&
      current?.kind === 'TABLE DATA' &&
      (!current.hasData || this.#commentedKey === key)
    ) {
      unblank(current, target);
      this.#commentedKey = key;
      // Between the rows of one entry lie none of the same table that belong to another.
      this.#byTable.delete(key);
      return this.#withData(current, target, copyStatement);
    }
    this.#commented = false;
    const known = this.#byTable.get(key);
    if (known && (!copyStatement || this.data.get(known.id)!.statements < MOST_BLOCKS)) return known;
    const entry = this.#add(make('TABLE DATA', target.schema, target.name));
    if (!entry) return null;
    this.#byTable.set(key, entry);
    return this.#withData(entry, target, copyStatement);
  }

  #withData(entry: Entry, target: TableName, copyStatement: string): Entry {
    if (entry.hasData) return entry;
    const kind = copyStatement ? 'copy' : 'insert';
    const { decoding } = copyRows(copyStatement);
    this.data.set(entry.id, new DataRanges(kind, target, this.settings, decoding));
    // Rows that are decoded are given out as COPY text.
    entry.copyStatement = decoding
      ? `${copyStatement.slice(0, copyTarget(copyStatement)!.end)};\n`
      : copyStatement;
    entry.hasData = true;
    return entry;
  }

  /** Statements that write a large object's content; true when this was one. */
  #largeObject(statement: Captured, verb: string): boolean {
    const current = this.#current!;
    const writes = verb === 'select' && this.largeObjects.take(statement);
    if (!writes && verb !== 'begin' && verb !== 'commit') return false;
    current.hasData = true;
    if (writes) current.bytes = (current.bytes ?? 0) + statement.bytes;
    return true;
  }

  #other(verb: string, text: string): void {
    const current = this.#current;
    const words = new Words(text);
    const owner = verb === 'alter' ? ownerChange(words) : null;
    if (owner) return this.#ownedBy(words, owner);
    const another = this.#defined && verb === 'create' && current !== null && startsAnother(current, text);
    if (this.#commented && current && !another) {
      if (!this.#defined) {
        if (/[\r\n]/.test(text)) unblank(current, classify(text));
        this.#known(current);
        const { accessMethod } = this.settings;
        if (accessMethod && isStored(current.kind, words)) current.accessMethod = accessMethod;
      }
      this.#defined = true;
      this.#append(current, text);
      return;
    }
    const made = classify(text);
    if (made) return this.#made(made, words, text);
    const dropped = droppedKey(words);
    if (dropped) {
      if (this.#drops.size < this.#mostEntries && text.length <= this.#room) {
        this.#drops.set(dropped, text);
        this.#room -= text.length;
      }
      return;
    }
    if (current && !this.#commented && belongsTo(current, words)) return this.#append(current, text);
    // What changes something and makes nothing is listed in hand-written scripts only: dumps have their own.
    if (!this.facts.heading) this.#listed(otherChange(words), text);
  }

  /** A statement that pg_dump's comments do not announce makes something. */
  #made(made: Made, words: Words, text: string): void {
    const current = this.#current;
    const same = current !== null && !this.#commented && current.name === made.name;
    // REVOKE and GRANT on one thing are one entry, as are the calls that give a table's statistics.
    if (same && current.kind === made.kind && current.schema === made.schema)
      if (/^(?:ACL|DEFAULT ACL|STATISTICS DATA|BLOBS|DATABASE PROPERTIES)$/.test(made.kind))
        return this.#append(current, text);
    // A view that was made before without its query: what pg_dump calls its rule.
    if (
      made.kind === 'VIEW' &&
      this.#byObject.get(objectKey('VIEW', made.schema, made.name))?.kind === 'VIEW'
    )
      made = make('RULE', made.schema, `${made.name} _RETURN`);
    const entry = this.#add(made);
    if (!entry) return;
    const { tablespace, accessMethod, owner } = this.settings;
    entry.owner ??= made.section === 'none' ? null : owner;
    if (tablespace && IN_TABLESPACE.has(made.kind)) entry.tablespace = tablespace;
    if (accessMethod && isStored(made.kind, words)) entry.accessMethod = accessMethod;
    this.#known(entry);
    this.#append(entry, text);
    if (made.kind === 'BLOBS') entry.hasData = true;
  }

  /** Takes note of an entry that later statements may speak of. */
  #known(entry: Entry): void {
    const key = objectKey(entry.kind, entry.schema, entry.name);
    this.#byObject.set(key, entry);
    const drop = this.#drops.get(key);
    if (drop !== undefined) entry.dropStatement = `${drop};\n`;
    this.#drops.delete(key);
  }

  #ownedBy(words: Words, { kind, name, owner }: NonNullable<ReturnType<typeof ownerChange>>): void {
    const current = this.#current;
    const arguments_ = words.is(name.next, '(') ? signature(words, name.next) : '';
    const key =
      kind === 'LARGE OBJECT'
        ? objectKey('BLOB', null, name.name)
        : objectKey(kind, name.schema, name.name + arguments_);
    const near = current && (current.name === name.name || current.name.startsWith(`${name.name}(`));
    const entry = this.#byObject.get(key) ?? (near ? current : null);
    if (entry) entry.owner ??= owner;
  }

  #append(entry: Entry, text: string): void {
    if (entry.definition.length + text.length > LARGEST_DEFINITION || text.length > this.#room) return;
    this.#room -= text.length;
    entry.definition += text + ';\n';
  }

  #fault(fault: Fault): void {
    if (this.faults.length < MOST_FAULTS) this.faults.push(fault);
  }

  meta(text: string, line: number): void {
    this.#inserting = null;
    const own = isOwnMeta(text);
    this.#command(text, line, own);
    if (this.settings.meta(text)) this.#onSettings(this.settings);
    if (copiesFromScript(text)) this.#awaiting.push(this.#copyTarget(text.slice(1)));
    const database = own ? connectedDatabase(text) : null;
    if (database === null) return;
    this.connectsTo ??= database;
    if (this.facts.heading !== 'cluster') return;
    this.#database = database;
    // Rows of one entry lie within one session.
    this.#byTable.clear();
  }

  #command(text: string, line: number, own: boolean): void {
    // Dangerous ones are always listed, however many of pg_dump's own came before.
    if (own && this.metaCommands.length >= MOST_COMMANDS) return;
    if (this.metaCommands.length >= 2 * MOST_COMMANDS) return;
    this.metaCommands.push({ line, text: text.length > SHOWN ? text.slice(0, SHOWN) + '…' : text, own });
  }
}

/** In pg_dump's comments line breaks of names are blanks; the statement below has the name itself. */
function unblank(entry: Entry, made: TableName | null): void {
  const blank = (text: string): string => text.replace(/[\r\n]/g, ' ');
  if (made && blank(made.name) === entry.name) entry.name = made.name;
  if (made?.schema && entry.schema && blank(made.schema) === entry.schema) entry.schema = made.schema;
}

/** A CREATE statement behind an entry that has its own already: hand-written, when it makes another thing. */
function startsAnother(current: Entry, text: string): boolean {
  const made = classify(text);
  return (
    made !== null && (made.kind !== current.kind || made.name !== current.name) && current.kind !== 'TYPE'
  );
}

/** Only tables and materialized views with rows of their own have an access method. */
function isStored(kind: string, words: Words): boolean {
  if (kind === 'MATERIALIZED VIEW') return true;
  return kind === 'TABLE' && !partitioned(words);
}

function partitioned(words: Words): boolean {
  for (let at = words.find(1, 'partition'); at >= 0; at = words.find(at + 1, 'partition'))
    if (words.word(at + 1) === 'by') return true;
  return false;
}

/** An ALTER that makes nothing of its own but goes on with what was made before: statistics, mappings, storage. */
function belongsTo({ name }: Entry, words: Words): boolean {
  if (words.word(0) !== 'alter') return false;
  for (let at = 2; at < 9 && words.at(at); at++) {
    const found = words.qualified(at);
    if (found && (found.name === name || name.startsWith(`${found.name} `))) return true;
  }
  return false;
}
