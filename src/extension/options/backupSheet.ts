import * as vscode from 'vscode';
import type { DumpFormat, DumpRequest, VerifyLevel } from '../../engine/backup';
import type { Answers } from '../../engine/tools';
import type { Connection } from '../../engine/connections/types';
import { engine } from '../engine';
import type { Services } from '../services';
import { askList } from './list';
import { choosePreset, savePreset } from './presets';
import { dumpRelease } from './release';
import { askSheet, switchText, type Row } from './sheet';
import { toolRows } from './toolRows';

type Draft = Omit<
  DumpRequest,
  'method' | 'database' | 'schemas' | 'tables' | 'path' | 'ignoreMissingRights'
> & {
  options: Answers;
};

/** What a person set for a backup of a database, and whether they want to read the plan first. */
export interface BackupSheetAnswer {
  request: Omit<DumpRequest, 'database'>;
  showPlan: boolean;
}

/**
 * Every option of a backup in one list, beginning with the last answers for this connection. Remembers
 * what was chosen.
 */
export async function askBackupOptions(
  services: Services,
  connection: Connection,
  title: string,
  defaults: { format: DumpFormat; verify?: VerifyLevel },
): Promise<BackupSheetAnswer> {
  const { ask } = services;
  const { tools, backup } = await engine();
  const [{ optionsFor }, { PresetStore }] = await Promise.all([tools(), backup()]);
  const release = await dumpRelease(services, connection, 'pg_dump');
  const known = new Set(optionsFor('pg_dump', release).map(({ flag }) => flag));
  const store = new PresetStore();

  // The rows change this very object.
  const options: Answers = {};
  let draft: Draft = { ...defaults, options };
  const take = (answers: Partial<Draft> | undefined): void => {
    const { options: wanted = {}, notes: _ofThen, ...rest } = answers ?? {};
    draft = { ...defaults, ...rest, options };
    for (const flag of Object.keys(options)) delete options[flag];
    // An older client than last time does not have all of last time's options.
    for (const [flag, value] of Object.entries(wanted)) if (known.has(flag)) options[flag] = value;
  };
  take(await store.last('dump', connection.id));

  const ofTool = await toolRows(ask, { title, tool: 'pg_dump', release, answers: options });
  const request = (): BackupSheetAnswer['request'] => ({ method: 'dump', ...draft });
  for (;;) {
    const chosen = await askSheet(ask, {
      id: 'backup.options',
      title,
      placeholder: vscode.l10n.t('pg_dump {0}: type to find an option', release.text.split(' ')[0] ?? ''),
      actions: () => [
        { id: 'run', label: `$(play) ${vscode.l10n.t('Back Up')}`, detail: summary(draft) },
        { id: 'plan', label: `$(eye) ${vscode.l10n.t('Show Plan')}` },
        { id: 'preset.use', label: `$(bookmark) ${vscode.l10n.t('Use Preset…')}` },
        { id: 'preset.save', label: `$(save) ${vscode.l10n.t('Save as Preset…')}` },
        { id: 'defaults', label: `$(discard) ${vscode.l10n.t('Back to Defaults')}` },
      ],
      rows: () => [...requestRows(services, title, draft), ...ofTool()],
    });
    if (chosen === 'defaults') take(undefined);
    else if (chosen === 'preset.use') {
      const preset = await choosePreset(ask, store, title, 'dump');
      if (preset) take(preset.request);
    } else if (chosen === 'preset.save') await savePreset(ask, store, title, { ...request(), database: '' });
    else {
      await store.remember({ ...request(), database: '' }, connection.id);
      return { request: request(), showPlan: chosen === 'plan' };
    }
  }
}

/** What is said about the backup as a whole, beside the tool's own options. */
function requestRows({ ask }: Services, title: string, draft: Draft): Row[] {
  const heading = vscode.l10n.t('The backup');
  return [
    {
      id: 'format',
      heading,
      label: vscode.l10n.t('Format'),
      value: draft.format ?? '',
      detail: vscode.l10n.t(
        'custom: one file; directory: several jobs; tar: one file, uncompressed; plain: SQL',
      ),
      change: async () => {
        draft.format = await ask.pick<DumpFormat>({
          id: 'backup.format',
          title,
          placeholder: vscode.l10n.t('Format'),
          options: formats().map((option) => ({ ...option, picked: option.value === draft.format })),
        });
      },
    },
    {
      id: 'withGlobals',
      heading,
      label: vscode.l10n.t('Also keep roles and tablespaces'),
      value: switchText(draft.withGlobals),
      detail: vscode.l10n.t('In a script beside the dump, by pg_dumpall'),
      change: async () => {
        draft.withGlobals = !draft.withGlobals;
      },
    },
    {
      id: 'verify',
      heading,
      label: vscode.l10n.t('Verify when done'),
      value: draft.verify ?? vscode.l10n.t('by size'),
      detail: vscode.l10n.t('contents decodes everything and counts the rows; checksum only records SHA-256'),
      change: async () => {
        draft.verify = await ask.pick<VerifyLevel | undefined>({
          id: 'backup.verify',
          title,
          options: [
            {
              label: vscode.l10n.t('By size'),
              detail: vscode.l10n.t('Contents up to 256 MB of tables'),
              value: undefined,
            },
            { label: 'contents', value: 'contents' },
            { label: 'checksum', value: 'checksum' },
          ],
        });
      },
    },
    {
      id: 'notes',
      heading,
      label: vscode.l10n.t('Note'),
      value: draft.notes ?? '',
      detail: vscode.l10n.t('Kept with the backup'),
      change: async () => {
        draft.notes = await ask.text({
          id: 'backup.note',
          title,
          prompt: vscode.l10n.t('What this backup is for. May stay empty.'),
          value: draft.notes,
        });
      },
    },
    {
      id: 'extra',
      heading,
      label: vscode.l10n.t('Further arguments'),
      value: (draft.extra ?? []).join(' '),
      detail: vscode.l10n.t('Given to pg_dump as they are, one word each'),
      change: async () => {
        const question = {
          id: 'backup.extra',
          title,
          prompt: vscode.l10n.t('One argument, with its dashes'),
        };
        draft.extra = await askList(ask, question, draft.extra ?? []);
      },
    },
  ];
}

function formats(): { label: string; detail: string; value: DumpFormat }[] {
  return [
    {
      label: 'custom',
      detail: vscode.l10n.t('One compressed file; single tables can be restored from it.'),
      value: 'custom',
    },
    {
      label: 'directory',
      detail: vscode.l10n.t('A folder with a file for each table; dumped and restored by several jobs.'),
      value: 'directory',
    },
    {
      label: 'tar',
      detail: vscode.l10n.t('One file other programs can open; never compressed.'),
      value: 'tar',
    },
    { label: 'plain', detail: vscode.l10n.t('An SQL script to read or edit; run by psql.'), value: 'plain' },
  ];
}

/** The draft in a few words, for the button that runs it. */
function summary({ format, withGlobals, options }: Draft): string {
  const flags = Object.keys(options).map((flag) => `--${flag}`);
  return [format, ...(withGlobals ? [vscode.l10n.t('roles and tablespaces')] : []), ...flags].join(' · ');
}
