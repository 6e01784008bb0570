import type { FoundEvent } from './reader';
import type { EventDatabase, EventEffect, LiveNames } from './types';

/** Answers that are kept. */
const MOST = 10_000;

/** Asks a live server for the names that neither a backup nor the WAL told. What it does not have any more keeps none. */
export class LiveAsker {
  readonly #live: LiveNames;
  readonly #databases = new Map<number, string | null>();
  readonly #relations = new Map<string, Awaited<ReturnType<LiveNames['relation']>>>();

  constructor(live: LiveNames) {
    this.#live = live;
  }

  async named(event: FoundEvent): Promise<FoundEvent> {
    if (event.kind !== 'commit' || event.database === null) return event;
    const { oid, name } = event.database;
    const database = { oid, name: name ?? (await this.#database(oid)) };
    const effects: EventEffect[] = [];
    for (const effect of event.effects) effects.push(await this.#effect(effect, database));
    return { ...event, database, effects };
  }

  async #database(oid: number): Promise<string | null> {
    return await kept(this.#databases, oid, async () => await this.#live.database(oid));
  }

  async #effect(effect: EventEffect, database: EventDatabase): Promise<EventEffect> {
    const { kind, oid, fileNode, name } = effect;
    if (name !== null || (kind !== 'truncate' && kind !== 'delete')) return effect;
    const by = oid !== null ? { oid } : fileNode !== null ? { fileNode } : null;
    if (!by) return effect;
    const found = await kept(
      this.#relations,
      `${database.oid} ${JSON.stringify(by)}`,
      async () => await this.#live.relation(database, by),
    );
    return found ? { ...effect, ...found } : effect;
  }
}

async function kept<Key, Value>(all: Map<Key, Value>, key: Key, ask: () => Promise<Value>): Promise<Value> {
  if (all.has(key)) return all.get(key)!;
  const answer = await ask();
  if (all.size < MOST) all.set(key, answer);
  return answer;
}
