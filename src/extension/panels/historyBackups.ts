import * as vscode from 'vscode';
import type { HistoryPoint } from '../../engine/history';
import type { HistoryView } from '../../shared/historyPage';
import type { Backups } from '../backups';
import { rowsMayFall } from '../commands/backingUp/plan';
import { Disposables } from '../dispose';
import { engine } from '../engine';
import { bytes, moment } from '../format';
import { onSetting } from '../settings';

/** The backups of one database as its history page shows them, read again when one comes, goes or is counted. */
export class HistoryBackups extends Disposables {
  readonly #backups: Backups;
  readonly #database: string;
  readonly #changed = this.own(new vscode.EventEmitter<HistoryView>());
  /** Something that is shown is another by now. */
  readonly onDidChange = this.#changed.event;
  #points: HistoryPoint[] = [];
  #reading: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(backups: Backups, database: string) {
    super();
    this.#backups = backups;
    this.#database = database;
    // Whoever looks at a list that cannot be read is told by the tree.
    const again = (): void => void this.read().catch(() => undefined);
    this.own(backups.onDidChange(again));
    this.own(onSetting(['backups.rowsMayFall'], again));
  }

  /** Oldest first. */
  get points(): readonly HistoryPoint[] {
    return this.#points;
  }

  get paths(): string[] {
    return this.#points.map(({ path }) => path);
  }

  get view(): HistoryView {
    const tables = new Set(
      this.#points.flatMap((point) => (point.tables ?? []).map(({ schema, name }) => `${schema}.${name}`)),
    );
    return {
      title: this.#database,
      points: this.#points.map(({ path, at, bytes: size, tables, damaged, part, suspicions }) => ({
        ...{ path, damaged, part },
        when: moment(at),
        at: new Date(at).getTime(),
        bytes: size,
        size: bytes(size),
        rows:
          tables && (tables.length === 0 || tables.some(({ rows }) => rows !== null))
            ? tables.reduce((sum, { rows }) => sum + (rows ?? 0), 0)
            : null,
        suspicions: suspicions.filter(({ mild }) => !mild).map(({ text }) => text),
      })),
      tables: [...tables].sort(),
    };
  }

  /** Reads what is there now; calls that come while one waits share it. */
  async read(): Promise<void> {
    this.#next ??= this.#reading
      .catch(() => undefined)
      .then(async () => {
        this.#next = undefined;
        await (this.#reading = this.#readNow());
      });
    await this.#next;
  }

  async #readNow(): Promise<void> {
    const { historyOf } = await engine();
    const before = this.#points;
    const options = { share: rowsMayFall() };
    this.#points = await historyOf(await this.#backups.list(), this.#database, options);
    if (JSON.stringify(before) !== JSON.stringify(this.#points)) this.#changed.fire(this.view);
  }
}
