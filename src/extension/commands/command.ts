import type { CommandId } from '../ids';
import type { Services } from '../services';
import type { Target } from '../target';

/**
 * What a command was called with: the row, file or plain data it acts on. `A` are the answers a
 * person would give; whoever calls the command from a keybinding, a task or a test may give them too.
 */
export interface Call<A = object> {
  /** The first row; absent facts are asked for. */
  target: Target & Partial<A>;
  /** All selected rows, at least one entry. */
  targets: Target[];
  /** Whether it runs again after its failure, with the "Run Anyway" button. */
  runAnyway: boolean;
}

/** One user action: one file, one line in the list. */
export interface Command {
  id: CommandId;
  /** Harmless without trust: shows the log, help or settings. */
  untrusted?: true;
  /** What it returns is for callers in code: a job's id, a connection. */
  run(services: Services, call: Call): Promise<unknown>;
}
