import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type { DirectoryRequest } from '../../engine/restore';
import type { BaseFacts } from '../../engine/pgdata/types';
import type { Services } from '../services';
import { askSheet, type Row } from './sheet';

/** What a person set for the restore of a base backup, and whether they want to read the plan first. */
export interface BaseBackupAnswer {
  request: DirectoryRequest;
  showPlan: boolean;
}

/** What is known of the backup before anything is asked. */
interface Known {
  tablespaces: BaseFacts['tablespaces'];
  /** Names by OID, where our manifest has them. */
  names: Map<number, string>;
  /** It has to be combined first. */
  chained: boolean;
}

/** Every option of restoring a base backup into a folder in one list. */
export async function askBaseBackupOptions(
  { ask }: Services,
  title: string,
  first: DirectoryRequest,
  known: Known,
): Promise<BaseBackupAnswer> {
  const draft: DirectoryRequest = { ...first, tablespaces: { ...first.tablespaces } };
  const sheet = { id: 'restore.base', title, placeholder: draft.artifact };
  const chosen = await askSheet(ask, {
    ...sheet,
    actions: () => [
      { id: 'run', label: `$(play) ${vscode.l10n.t('Restore')}`, detail: summary(draft) },
      { id: 'plan', label: `$(eye) ${vscode.l10n.t('Show Plan')}` },
    ],
    rows: () => [
      ...placeRows(ask, title, draft, known),
      ...afterRows(ask, title, draft),
      ...(known.chained ? [wayRow(ask, title, draft)] : []),
    ],
  });
  return { request: draft, showPlan: chosen === 'plan' };
}

type Ask = Services['ask'];

function placeRows(ask: Ask, title: string, draft: DirectoryRequest, known: Known): Row[] {
  const heading = vscode.l10n.t('Where to');
  return [
    {
      ...{ id: 'directory', heading, label: vscode.l10n.t('Folder'), value: draft.directory },
      detail: vscode.l10n.t('The new data directory: missing or empty'),
      change: async () => {
        draft.directory = await askFolder(ask, title, 'restore.directory', draft.directory);
      },
    },
    ...known.tablespaces.map(({ oid, location }): Row => {
      const key = String(oid);
      return {
        ...{ id: `tablespace.${oid}`, heading },
        label: vscode.l10n.t('Tablespace {0}', known.names.get(oid) ?? location),
        value: draft.tablespaces?.[key] ?? join(`${draft.directory}.tablespaces`, key),
        detail: vscode.l10n.t('It was in {0}', location),
        change: async () => {
          const folder = await askFolder(ask, title, 'restore.tablespace', draft.tablespaces?.[key] ?? '');
          draft.tablespaces = { ...draft.tablespaces, [key]: folder };
        },
      };
    }),
  ];
}

function afterRows(ask: Ask, title: string, draft: DirectoryRequest): Row[] {
  const heading = vscode.l10n.t('What becomes of it');
  const text = async (id: string, prompt: string, value: string | undefined): Promise<string> =>
    (await ask.text({ id, title, prompt, value: value ?? '' })).trim();
  const as = draft.as ?? 'primary';
  return [
    {
      ...{ id: 'as', heading, label: vscode.l10n.t('As'), value: roleText(as) },
      detail: vscode.l10n.t('A primary is opened for writing; a standby follows another server'),
      change: async () => {
        draft.as = await ask.pick<'primary' | 'standby'>({
          ...{ id: 'restore.as', title, placeholder: vscode.l10n.t('As') },
          options: (['primary', 'standby'] as const).map((value) => ({
            ...{ label: roleText(value), picked: value === as, value },
          })),
        });
      },
    },
    ...(as === 'standby'
      ? [
          {
            ...{ id: 'primary-conninfo', heading, label: vscode.l10n.t('Its primary') },
            value: draft.primaryConninfo ?? '',
            detail: vscode.l10n.t('host=… port=… user=…; the password belongs into the password file'),
            change: async () => {
              const said = await text(
                'restore.conninfo',
                vscode.l10n.t('How the standby reaches its primary (primary_conninfo), without a password'),
                draft.primaryConninfo,
              );
              if (said) draft.primaryConninfo = said;
              else delete draft.primaryConninfo;
            },
          },
        ]
      : []),
    {
      ...{ id: 'restore-command', heading, label: vscode.l10n.t('WAL archive command') },
      value: draft.restoreCommand ?? '',
      detail: vscode.l10n.t(
        'restore_command, for a backup without its WAL; empty: only the WAL in the backup',
      ),
      change: async () => {
        const said = await text(
          'restore.command',
          vscode.l10n.t('How WAL comes from the archive (restore_command)'),
          draft.restoreCommand,
        );
        if (said) draft.restoreCommand = said;
        else delete draft.restoreCommand;
      },
    },
    {
      ...{ id: 'start', heading, label: vscode.l10n.t('Start it') },
      value: draft.start ? vscode.l10n.t('on port {0}', draft.start.port) : '',
      detail: vscode.l10n.t(
        'With a socket in its folder and no TCP; it archives nothing. Empty: not started',
      ),
      change: async () => {
        const said = (
          await ask.text({
            ...{ id: 'restore.port', title, prompt: vscode.l10n.t('Port; empty: it is not started') },
            value: draft.start ? String(draft.start.port) : '5433',
            validate: (port) =>
              port.trim() === '' ||
              (/^\d{1,5}$/.test(port.trim()) && Number(port) >= 1 && Number(port) < 65536)
                ? undefined
                : vscode.l10n.t('A number from 1 to 65535.'),
          })
        ).trim();
        if (said) draft.start = { port: Number(said) };
        else delete draft.start;
      },
    },
  ];
}

function wayRow(ask: Ask, title: string, draft: DirectoryRequest): Row {
  const way = draft.way ?? 'copy';
  return {
    ...{ id: 'copy-method', heading: vscode.l10n.t('How it runs'), label: vscode.l10n.t('Unchanged files') },
    value: way,
    detail: vscode.l10n.t('clone and copy-file-range share blocks where the file system can'),
    change: async () => {
      draft.way = await ask.pick<NonNullable<DirectoryRequest['way']>>({
        ...{ id: 'restore.way', title, placeholder: vscode.l10n.t('Unchanged files') },
        options: (['copy', 'clone', 'copy-file-range'] as const).map((value) => ({
          ...{ label: value, picked: value === way, value },
        })),
      });
    },
  };
}

/** A name may be typed: the folder need not be there. */
export async function askFolder(ask: Ask, title: string, id: string, value: string): Promise<string> {
  return (
    await ask.text({
      ...{ id, title, value, prompt: vscode.l10n.t('Absolute path of a folder that is missing or empty') },
      validate: (path) =>
        isAbsolute(path.trim()) ? undefined : vscode.l10n.t('An absolute path is needed.'),
    })
  ).trim();
}

function roleText(as: 'primary' | 'standby'): string {
  return as === 'primary' ? vscode.l10n.t('primary') : vscode.l10n.t('standby');
}

function summary({ directory, as, start }: DirectoryRequest): string {
  return [
    directory,
    roleText(as ?? 'primary'),
    ...(start ? [vscode.l10n.t('started on port {0}', start.port)] : []),
  ].join(' · ');
}
