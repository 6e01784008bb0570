import * as l10n from '@vscode/l10n';
import { UsageError } from '../args';
import type { ExitCode, Io, Verb } from '../io';
import { usage } from '../wal/usage';

type Action = (args: string[], io: Io) => Promise<ExitCode>;

/** Each is loaded alone. `push` and `fetch` as a server starts them do not come by here (`perSegment.ts`). */
const actions: Record<string, () => Promise<{ action: Action }>> = {
  push: () => import('../wal/push'),
  fetch: () => import('../wal/fetch'),
  status: () => import('../wal/status'),
  setup: () => import('../wal/setup'),
  test: () => import('../wal/test'),
  receive: () => import('../wal/receive'),
  list: () => import('../wal/list'),
  check: () => import('../wal/check'),
  events: () => import('../wal/events'),
  cleanup: () => import('../wal/cleanup'),
};

export const verb: Verb = {
  usage,
  async run(args, io) {
    // Options may stand before the action, as --json does.
    const at = args.findIndex((word) => !word.startsWith('-'));
    const name = args[at] ?? '';
    const load = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (!load) throw new UsageError(l10n.t('wal knows {0}.', Object.keys(actions).join(', ')));
    return await (await load()).action(args.toSpliced(at, 1), io);
  },
};
