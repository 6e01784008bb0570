import * as vscode from 'vscode';
import type { Plan } from '../../engine/plan';
import type { RestoreRequest } from '../../engine/restore';
import type { Answers } from '../../engine/tools';
import type { Services } from '../services';
import { askSheet, switchText, type Row } from './sheet';
import { toolRows } from './toolRows';

/** What a person set for a restore, and whether they want to read the plan first. */
export interface RestoreSheetAnswer {
  request: Omit<RestoreRequest, 'artifact'>;
  showPlan: boolean;
}

/** The databases of the target, for the rows that name one. */
export interface RestoreTarget {
  /** Asks for a free name. */
  askNew(): Promise<string>;
  /** Asks for a database there is. */
  askExisting(): Promise<string>;
}

/**
 * Every option of a restore in one list.
 *
 * @param first the plan of the restore nobody changed anything of: it says which program runs, and so
 *   which options there are
 */
export async function askRestoreOptions(
  { ask }: Services,
  title: string,
  first: Plan,
  database: string,
  target: RestoreTarget,
): Promise<RestoreSheetAnswer> {
  const step = first.steps.find((one) => one.do === 'tool');
  const options: Answers = {};
  const draft: Omit<RestoreRequest, 'artifact'> & { database: string } = {
    strategy: 'new',
    database,
    options,
  };
  // A script is run by psql as it is: of its options only this one says how it is restored.
  const ofTool =
    step?.tool === 'pg_restore'
      ? // The database is made by the plan, so that a failure takes away only what it made.
        await toolRows(ask, {
          title,
          tool: 'pg_restore',
          release: step.build.version,
          answers: options,
          skip: ['create'],
        })
      : () => [singleTransaction(options)];

  for (;;) {
    const chosen = await askSheet(ask, {
      id: 'restore.options',
      title,
      placeholder: step ? `${step.tool} ${step.build.version.text.split(' ')[0]}` : '',
      actions: () => [
        { id: 'run', label: `$(play) ${vscode.l10n.t('Restore')}`, detail: summary(draft) },
        { id: 'plan', label: `$(eye) ${vscode.l10n.t('Show Plan')}` },
      ],
      rows: () => [
        ...(database === '*' ? [] : whereTo(ask, title, draft, target)),
        tolerance(draft),
        ...ofTool(),
      ],
    });
    const request = { ...draft, ...(database === '*' ? { database: undefined } : {}) };
    if (chosen === 'run' || chosen === 'plan') return { request, showPlan: chosen === 'plan' };
  }
}

type Draft = Omit<RestoreRequest, 'artifact'>;

function whereTo(ask: Services['ask'], title: string, draft: Draft, target: RestoreTarget): Row[] {
  const heading = vscode.l10n.t('Where to');
  return [
    {
      id: 'strategy',
      heading,
      label: vscode.l10n.t('How'),
      value: strategyName(draft.strategy),
      detail: vscode.l10n.t(
        'A new database takes nothing away; a replaced one stays beside; in place changes one that is there',
      ),
      change: async () => {
        const strategy = await ask.pick<RestoreRequest['strategy']>({
          id: 'restore.strategy',
          title,
          placeholder: vscode.l10n.t('How'),
          options: (['new', 'replace', 'in-place'] as const).map((value) => ({
            label: strategyName(value),
            picked: value === draft.strategy,
            value,
          })),
        });
        if (strategy === draft.strategy) return;
        draft.database = strategy === 'new' ? await target.askNew() : await target.askExisting();
        draft.strategy = strategy;
      },
    },
    {
      id: 'database',
      heading,
      label: vscode.l10n.t('Database'),
      value: draft.database ?? '',
      detail:
        draft.strategy === 'new'
          ? vscode.l10n.t('It will be created')
          : draft.strategy === 'replace'
            ? vscode.l10n.t('It is there already, and stays beside the new one under another name')
            : vscode.l10n.t('It is there already; what the backup holds replaces what it has'),
      change: async () => {
        draft.database = draft.strategy === 'new' ? await target.askNew() : await target.askExisting();
      },
    },
  ];
}

function tolerance(draft: Draft): Row {
  return {
    id: 'tolerant',
    heading: vscode.l10n.t('Where to'),
    label: vscode.l10n.t('Go on after errors'),
    value: switchText(draft.tolerant),
    detail: vscode.l10n.t('What could be restored is kept, and every failure is reported'),
    change: async () => {
      draft.tolerant = !draft.tolerant;
    },
  };
}

function singleTransaction(options: Answers): Row {
  return {
    id: 'single-transaction',
    heading: vscode.l10n.t('How it runs'),
    label: '--single-transaction',
    value: switchText(options['single-transaction'] === true),
    detail: vscode.l10n.t('The whole script or nothing of it'),
    change: async () => {
      options['single-transaction'] = !options['single-transaction'];
    },
  };
}

function strategyName(strategy: RestoreRequest['strategy']): string {
  return {
    new: vscode.l10n.t('Into a new database'),
    replace: vscode.l10n.t('Replace one that is there, and keep the old one'),
    'in-place': vscode.l10n.t('In place, into one that is there'),
  }[strategy];
}

function summary({ strategy, database, options, tolerant }: Draft): string {
  const flags = Object.entries(options ?? {}).flatMap(([flag, value]) =>
    value === false ? [] : [`--${flag}`],
  );
  return [
    ...(database && database !== '*' ? [`${strategyName(strategy)}: ${database}`] : []),
    ...(tolerant ? [vscode.l10n.t('go on after errors')] : []),
    ...flags,
  ].join(' · ');
}
