import * as l10n from '@vscode/l10n';
import { serverFacts, withClient } from '../../connections';
import type { Access } from '../../connections/types';
import { CancelledError, isCancelled, toFacts } from '../../errors';
import { formatBytes, formatDuration } from '../../format';
import { readSlots, slotNotice } from '../../physical';
import type { ReceiveWalStep } from '../../plan';
import { quoteLiteral } from '../../quote';
import { renderCommand, runTool } from '../../tools';
import { throwIfCancelled, until } from '../wait';
import { explainReceive, isLasting, isSlotBusy, otherCluster, slotLost, slotMissing } from './receiveFailure';
import { explainToolFailure } from './toolFailure';
import type { Executor, StepContext } from './types';

const firstPauseMs = 1000;
const longestPauseMs = 60_000;
/** How often the server is asked about its slots. */
const lookEveryMs = 10_000;
/** The log is kept as long as the job runs: soon at first, then twice a minute. */
const tellEveryMs = { first: 1000, later: 30_000 };
const soonMs = 60_000;

/**
 * pg_receivewal until the job is cancelled, or the place that was asked for is reached. A lost connection is taken up again,
 * with growing pauses; what a wait does not mend ends the job. The slot keeps the WAL meanwhile, and is watched.
 */
export const receiveWal: Executor<ReceiveWalStep> = async (step, context) => {
  const receiver = new Receiver(step, context);
  try {
    return await receiver.run();
  } catch (error) {
    if (!context.signal.aborted) await receiver.dropUnused();
    throw error;
  } finally {
    context.log('info', receiver.summary());
  }
};

class Receiver {
  readonly #step: ReceiveWalStep;
  readonly #context: StepContext;
  #segments = 0;
  #restarts = 0;
  /** How far WAL has come. */
  #lsn: string | null = null;
  #held: number | null = null;
  /** What is wrong with slots now, by the slot. */
  #warned = new Map<string, string>();
  #warning: string | null = null;
  /** The slot was made by this job. */
  #made = false;
  /** Streaming has begun at least once. */
  #streamed = false;
  #toldAt = -Infinity;
  readonly #began = performance.now();

  constructor(step: ReceiveWalStep, context: StepContext) {
    this.#step = step;
    this.#context = context;
  }

  async run(): Promise<Record<string, unknown>> {
    const { signal, log, progress } = this.#context;
    let pause = firstPauseMs;
    for (let attempt = 0; ; attempt++) {
      throwIfCancelled(signal);
      const before = this.#segments;
      const failure = await this.#attempt(attempt > 0);
      throwIfCancelled(signal);
      if (!failure) return this.#result();
      if (isLasting(toFacts(failure))) throw failure;
      // A server that was never reached is a mistake to be told at once, not waited for.
      if (!this.#streamed && attempt === 0 && !isSlotBusy(toFacts(failure).why)) throw failure;
      if (this.#segments > before) pause = firstPauseMs;
      this.#restarts++;
      const facts = toFacts(failure);
      log('warning', [facts.what, facts.why].filter(Boolean).join(' '), 'receive');
      const next = l10n.t('Connection lost; tries again in {0}', formatDuration(pause));
      progress(null, next);
      log('info', next, 'receive');
      await until(pause, signal);
      pause = Math.min(pause * 2, longestPauseMs);
    }
  }

  /** One run of the program; null when it ended as it should, else why not. */
  async #attempt(again: boolean): Promise<unknown> {
    const { signal } = this.#context;
    const { connection } = this.#step;
    const stop = new AbortController();
    let watching: Promise<void> = Promise.resolve();
    try {
      const access = await (again ? this.#context.reopen(connection) : this.#context.access(connection));
      if (!again) await this.#makeSlot(access);
      await this.#look(access, signal);
      watching = this.#watch(access, AbortSignal.any([signal, stop.signal]));
      return await this.#receive(access);
    } catch (error) {
      if (signal.aborted || isCancelled(error)) throw new CancelledError();
      return error;
    } finally {
      stop.abort();
      await watching;
    }
  }

  async #receive(access: Access): Promise<unknown> {
    const { build, args, database } = this.#step;
    const { log, event, signal, applicationName, touched } = this.#context;
    log('info', renderCommand(build, 'pg_receivewal', args, access.connection, database), 'command');
    const ended = await runTool({
      build,
      tool: 'pg_receivewal',
      args,
      access,
      database,
      applicationName,
      signal,
      onStart: ({ pid, startedAtTicks }) => {
        event({ type: 'process', pid, startedAtTicks, name: 'pg_receivewal' });
        // What was planned for the slot at the end is due from now on.
        touched();
      },
      onLine: (_stream, line) => this.#line(line),
    });
    if (ended.exitCode === 0) return null;
    return (
      explainReceive(this.#step, ended.stderrTail) ??
      explainToolFailure(
        { ...this.#step, do: 'tool', tool: 'pg_receivewal', dialect: 'pg_basebackup' },
        ended,
      )
    );
  }

  /** What it tells with --verbose; each finished segment is counted, not logged. */
  #line(line: string): void {
    const finished = /finished segment at ([0-9A-F]+\/[0-9A-F]+)/.exec(line);
    const started = /starting log streaming at ([0-9A-F]+\/[0-9A-F]+)/.exec(line);
    if (started) this.#streamed = true;
    if (finished) this.#segments++;
    else this.#context.log(/: error:/.test(line) ? 'warning' : 'info', line, 'pg_receivewal');
    const lsn = finished?.[1] ?? started?.[1];
    if (lsn === undefined) return;
    this.#lsn = lsn;
    this.#tell();
  }

  /** A job that is run again finds the slot of its first run, and goes on with it. */
  async #makeSlot(access: Access): Promise<void> {
    const { createSlot, database, slot } = this.#step;
    if (!createSlot) return;
    const { rowCount } = await withClient(
      access,
      database,
      (client) =>
        client.query(
          `select pg_catalog.pg_create_physical_replication_slot($1, true)
            where not exists (select from pg_catalog.pg_replication_slots where slot_name = $1)`,
          [slot],
        ),
      { signal: this.#context.signal },
    );
    this.#made = rowCount === 1;
    if (this.#made) this.#context.log('info', l10n.t('Made the replication slot {0}', slot), 'slot');
  }

  async #watch(access: Access, signal: AbortSignal): Promise<void> {
    for (;;) {
      await until(lookEveryMs, signal);
      if (signal.aborted) return;
      // When the server cannot be asked, the program says so by itself.
      await this.#look(access, signal).catch((error: unknown) => {
        if (!signal.aborted) this.#context.log('info', toFacts(error).what, 'receive');
      });
    }
  }

  /** The server is the same, and how its slots are. Throws `receive.*` and what connecting throws. */
  async #look(access: Access, signal: AbortSignal): Promise<void> {
    const { database, systemIdentifier, slot } = this.#step;
    const { slots, facts } = await withClient(
      access,
      database,
      async (client) => {
        const facts = await serverFacts(client);
        return { facts, slots: await readSlots(client, facts.version.major, facts.inRecovery) };
      },
      { signal, applicationName: `${this.#context.applicationName} slots`.slice(0, 63) },
    );
    const now = facts.systemIdentifier;
    if (systemIdentifier !== null && now !== null && now !== systemIdentifier)
      throw otherCluster(this.#step, now);
    const own = slots.find(({ name }) => name === slot);
    if (!own) throw slotMissing(this.#step);
    if (own.walStatus === 'lost') throw slotLost(this.#step, own.invalidation ?? 'wal_status = lost');
    this.#held = own.held;
    const notices = slots.flatMap((one) => slotNotice(one, this.#step.mostHeld) ?? []);
    for (const { slot: name = '', code, text, next } of notices) {
      // Once for each thing that is wrong, not for each look.
      if (this.#warned.get(name) === code) continue;
      this.#warned.set(name, code);
      this.#context.log('warning', [text, next].filter(Boolean).join(' '), 'slot');
    }
    for (const name of [...this.#warned.keys()])
      if (!notices.some((notice) => notice.slot === name)) this.#warned.delete(name);
    this.#warning = notices.find((notice) => notice.slot === slot)?.text ?? notices[0]?.text ?? null;
    this.#tell();
  }

  #tell(): void {
    const now = performance.now();
    const every = now - this.#began < soonMs ? tellEveryMs.first : tellEveryMs.later;
    if (now - this.#toldAt < every) return;
    this.#toldAt = now;
    const held = this.#held === null ? [] : [l10n.t('{0} behind', formatBytes(this.#held))];
    const what = [
      ...(this.#warning === null ? [] : [this.#warning]),
      l10n.t('segments received: {0}', this.#segments),
      ...(this.#lsn === null ? [] : [this.#lsn]),
      ...held,
    ];
    this.#context.progress(null, what.join(' · '));
  }

  #result(): Record<string, unknown> {
    const { folder, slot } = this.#step;
    return { folder, slot, segments: this.#segments, lsn: this.#lsn, restarts: this.#restarts };
  }

  summary(): string {
    return l10n.t(
      'Received {0} segments, up to {1}; {2} new beginnings.',
      this.#segments,
      this.#lsn ?? '–',
      this.#restarts,
    );
  }

  /** A slot that was made for nothing would keep WAL until the disk is full. */
  async dropUnused(): Promise<void> {
    const { connection, database, slot } = this.#step;
    if (!this.#made || this.#streamed) return;
    try {
      const access = await this.#context.access(connection);
      await withClient(access, database, (client) =>
        client.query(`select pg_catalog.pg_drop_replication_slot(${quoteLiteral(slot)})`),
      );
      this.#context.log('info', l10n.t('Dropped the replication slot {0}: nothing was received.', slot));
    } catch (error) {
      this.#context.log('warning', toFacts(error).why, 'slot');
    }
  }
}
