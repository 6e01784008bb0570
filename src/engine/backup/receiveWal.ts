import { access as allows, constants, stat } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { serverFacts, withClient } from '../connections';
import type { Access } from '../connections/types';
import {
  DEFAULT_HELD_BYTES,
  readArchiving,
  readWalArchive,
  settingOf,
  slotNotice,
  WalFolder,
  type ArchivingState,
} from '../physical';
import type { Plan, Warning } from '../plan';
import { quoteLiteral } from '../quote';
import { chooseForDump, toArguments, type Answers } from '../tools';
import type { ClientBuild } from '../tools/types';
import { probeReplication } from './base/probe';

/** WAL into a folder of this machine, by pg_receivewal, until it is cancelled. */
export interface ReceiveRequest {
  /** The archive; it must exist. Absolute. */
  folder: string;
  /** The replication slot that keeps what was not received yet. */
  slot: string;
  /** The slot is made; it must not be there. */
  createSlot?: boolean;
  /** The slot is dropped when the job is cancelled or fails: nothing keeps the WAL for a later one. */
  dropSlot?: boolean;
  /** pg_receivewal's own; `compress` is `gzip:1` unless it says otherwise. */
  options?: Answers;
  /** Bytes a slot may hold back before the job warns; default 1 GB. */
  mostHeld?: number;
}

export interface ReceiveContext {
  access: Access;
  builds: ClientBuild[];
  signal?: AbortSignal;
}

const warn = (code: string, text: string, blocks = true): Warning => ({
  code: `receive.${code}`,
  text,
  ...(blocks ? { blocks } : {}),
});

/** Checks everything that receiving needs, and plans it. Throws `tool.*`, `option.*`, what connecting throws. */
export async function planReceive(request: ReceiveRequest, context: ReceiveContext): Promise<Plan> {
  const { access, builds, signal } = context;
  const { connection } = access;
  const { database } = connection.settings;
  const { folder, slot, createSlot = false, dropSlot = false, mostHeld = DEFAULT_HELD_BYTES } = request;
  const { state, version } = await withClient(
    access,
    database,
    async (client) => ({
      state: await readArchiving(client),
      version: (await serverFacts(client)).version,
    }),
    { signal, applicationName: 'restore-point plan' },
  );
  const { build, reasons } = chooseForDump(builds, version, { tool: 'pg_receivewal' });
  const options: Answers = { compress: 'gzip:1', ...request.options };
  return {
    version: 1,
    kind: 'receiveWal',
    title: l10n.t('Receive WAL of {0}', connection.name),
    unending: true,
    connections: { source: connection },
    steps: [
      {
        do: 'receiveWal',
        title: l10n.t('Receive WAL into {0}', folder),
        weight: 0,
        connection: 'source',
        database,
        build,
        folder,
        slot,
        createSlot,
        systemIdentifier: state.systemIdentifier,
        args: [
          `--directory=${folder}`,
          `--slot=${slot}`,
          '--no-loop',
          '--verbose',
          ...toArguments('pg_receivewal', build.version, options),
        ],
        mostHeld,
      },
    ],
    onFailure: dropSlot
      ? [
          {
            do: 'sql',
            title: l10n.t('Drop the replication slot {0}', slot),
            weight: 0,
            connection: 'source',
            database,
            statements: [`select pg_catalog.pg_drop_replication_slot(${quoteLiteral(slot)})`],
            tolerant: true,
          },
        ]
      : [],
    locks: [{ server: 'wal', database: folder }],
    destroys: [],
    wayBack: null,
    ifItFails: dropSlot
      ? l10n.t('What was received stays. The replication slot is dropped.')
      : l10n.t(
          'What was received stays. The replication slot {0} goes on keeping WAL on the server until it is received or the slot is dropped.',
          slot,
        ),
    warnings: [
      ...(await probeReplication(context)).map((found) => ({
        ...found,
        code: found.code.replace(/^basebackup/, 'receive'),
      })),
      ...checkReceive(state, { slot, createSlot, mostHeld }),
      ...(await checkFolder(folder, state, signal)),
    ],
    estimate: {
      bytes: null,
      freeBytes: null,
      durationMs: null,
      basis: l10n.t('It runs until it is cancelled.'),
    },
    facts: { method: 'receivewal', folder, slot, client: build.version.text, reason: reasons.join(' ') },
  };
}

/** What of the server would keep it from starting, or is worth knowing. Pure. */
export function checkReceive(
  state: ArchivingState,
  { slot, createSlot, mostHeld }: { slot: string; createSlot: boolean; mostHeld: number },
): Warning[] {
  const { senders, slots } = state;
  const found: Warning[] = [];
  const most = Number(settingOf(state, 'max_replication_slots')?.value ?? 0);
  const named = slots.find(({ name }) => name === slot);
  if (!/^[a-z0-9_]{1,63}$/.test(slot))
    found.push(
      warn(
        'slotName',
        l10n.t(
          '"{0}" is no name of a replication slot: it may have a to z, 0 to 9 and underscores only.',
          slot,
        ),
      ),
    );
  if (settingOf(state, 'wal_level')?.value === 'minimal')
    found.push(
      warn(
        'walLevel',
        l10n.t(
          'The server writes too little WAL for that (wal_level = minimal). Set wal_level = replica and max_wal_senders above 0, and restart it.',
        ),
      ),
    );
  else if (senders.most - senders.used < 1)
    found.push(
      warn(
        'walSenders',
        l10n.t(
          'All {0} WAL senders of the server are in use. Raise max_wal_senders (needs a restart).',
          senders.most,
        ),
      ),
    );
  if (createSlot && named)
    found.push(
      warn(
        'slotExists',
        l10n.t(
          'There is a replication slot "{0}" already. Take another name, or use that one without making it.',
          slot,
        ),
      ),
    );
  else if (createSlot && slots.length >= most)
    found.push(
      warn(
        'slots',
        l10n.t(
          'All {0} replication slots of the server are in use. Drop one that nobody needs, or raise max_replication_slots (needs a restart).',
          most,
        ),
      ),
    );
  else if (!createSlot && !named)
    found.push(
      warn('slotMissing', l10n.t('There is no replication slot "{0}". Have it made (--create-slot).', slot)),
    );
  else if (named?.kind === 'logical')
    found.push(
      warn(
        'slotLogical',
        l10n.t('The replication slot "{0}" is a logical one; receiving WAL needs a physical one.', slot),
      ),
    );
  else if (named?.active)
    found.push(
      warn('slotActive', l10n.t('The replication slot "{0}" is in use. Each receiver needs its own.', slot)),
    );
  for (const one of slots) {
    const notice = slotNotice(one, mostHeld);
    if (!notice) continue;
    const own = one.name === slot && notice.code === 'slot.lost';
    found.push(warn(own ? 'slotLost' : 'slotHeld', `${notice.text} ${notice.next ?? ''}`.trim(), own));
  }
  return found;
}

/** The folder is there, can be written to, and is no other cluster's archive. */
async function checkFolder(
  folder: string,
  { systemIdentifier }: ArchivingState,
  signal: AbortSignal | undefined,
): Promise<Warning[]> {
  try {
    if (!(await stat(folder)).isDirectory()) return [warn('folder', l10n.t('"{0}" is no folder.', folder))];
    await allows(folder, constants.W_OK | constants.R_OK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return [
      warn(
        'folder',
        code === 'ENOENT'
          ? l10n.t(
              'There is no folder "{0}". Mount what it lies on, or make it if this is a new archive (chmod 700).',
              folder,
            )
          : l10n.t('The folder "{0}" cannot be used: {1}', folder, message),
      ),
    ];
  }
  const archive = await readWalArchive(new WalFolder(folder), { signal });
  if (!archive.systemIdentifier || !systemIdentifier || archive.systemIdentifier === systemIdentifier)
    return [];
  return [
    warn(
      'otherCluster',
      l10n.t(
        'The folder "{0}" holds WAL of another cluster: system identifier {1}, and the server has {2}. Each cluster needs a folder of its own.',
        folder,
        archive.systemIdentifier,
        systemIdentifier,
      ),
    ),
  ];
}
