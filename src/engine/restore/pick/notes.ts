import * as l10n from '@vscode/l10n';
import type { Entry } from '../../archive';
import { formatBytes } from '../../format';
import type { Fix, Warning } from '../../plan';
import { few } from '../few';
import type { TableSize } from '../sizes';
import type { RestoreRequest } from '../types';
import type { Selection } from './select';

/** `VIEW app.totals`, as lists of contents have it. */
function label({ kind, schema, name }: Entry): string {
  return `${kind} ${schema === null ? '' : `${schema}.`}${name}`;
}

/** Tables and views first: they are what people look for, and not all are shown. */
const weight = ({ kind }: Entry): number => (kind === 'TABLE' ? 0 : kind.endsWith('VIEW') ? 1 : 2);
const labels = (entries: readonly Entry[]): string =>
  few(entries.toSorted((a, b) => weight(a) - weight(b)).map(label));

const replaceThem = (): Fix => ({
  id: 'replaceExisting',
  label: l10n.t('Replace Them'),
  set: { pick: { existing: 'replace' } },
});
const putBeside = (): Fix => ({
  id: 'putBeside',
  label: l10n.t('Restore Beside Them'),
  set: { pick: { existing: 'beside' } },
});

/** What a person should know of a selection before it is restored. */
export function warningsOf(request: RestoreRequest, selection: Selection, database: string): Warning[] {
  const { choice, kept, replacing, beside, unread, extended } = selection;
  const warnings: Warning[] = [];
  const add = (code: string, text: string, more: Partial<Warning> = {}): void =>
    void warnings.push({ code, text, ...more });
  const { resume } = request;
  const canBeside = request.pick !== undefined && !resume;
  if (!selection.entries.length && !selection.mends.length)
    add(
      'pick.nothing',
      kept.length
        ? l10n.t('There is nothing to restore: {0} has all of it already: {1}.', database, labels(kept))
        : resume
          ? l10n.t('There is nothing to go on with: {0} has everything that was missing.', database)
          : l10n.t('There is nothing to restore: none of what was chosen is left.'),
      { blocks: true, ...(kept.length && canBeside ? { fixes: [replaceThem(), putBeside()] } : {}) },
    );
  else if (kept.length)
    add(
      'pick.exists',
      l10n.t('{0} has these already; they stay as they are: {1}.', database, labels(kept)),
      canBeside ? { fixes: [replaceThem(), putBeside()] } : {},
    );
  if (replacing?.inTheWay.length)
    add(
      'pick.inTheWay',
      l10n.t(
        'These depend on what is to be replaced, and cannot be made anew without losing what they hold: {0}.',
        labels(replacing.inTheWay),
      ),
      { blocks: true, ...(canBeside ? { fixes: [putBeside()] } : {}) },
    );
  if (choice.declined.length)
    add('pick.declined', l10n.t('Needed, but left out: {0}.', labels(choice.declined)), {
      fixes: [
        { id: 'takeNeeded', label: l10n.t('Take What Is Needed'), set: { pick: { dependencies: true } } },
      ],
    });
  if (choice.missing.length)
    add(
      'pick.missing',
      l10n.t('{0} things that are needed were left out when the backup was made.', choice.missing.length),
    );
  if (choice.without.length) {
    const tables = [...new Map(choice.without.map(({ table }) => [table.id, table])).values()];
    add(
      'pick.without',
      l10n.t(
        'Left out, because the other table is neither chosen nor there ({0}): {1}.',
        few(tables.map(({ schema, name }) => `${schema}.${name}`)),
        labels(choice.without.map(({ entry }) => entry)),
      ),
      {
        fixes: [
          {
            id: 'takeTables',
            label: l10n.t('Take Those Tables Too'),
            set: { pick: { entries: tables.map(({ id }) => id) } },
          },
        ],
      },
    );
  }
  if (beside?.others.length)
    add(
      'pick.onlyTables',
      l10n.t('Only tables can be put beside others; left out: {0}.', labels(beside.others)),
    );
  if (extended.length)
    add('extension.without', l10n.t('Left out with the extensions: {0}.', labels(extended)));
  if (unread.length)
    add(
      'rename.unread',
      l10n.t(
        'These are written in a language that is not read here, and name a schema that gets another name: {0}. Look at them afterwards.',
        labels(unread),
      ),
    );
  return warnings;
}

/** What was found to be fine. */
export function checkedOf({
  choice,
  entries,
  replacing,
  beside,
  renames,
  mended,
  around,
}: Selection): Warning[] {
  const needed = entries.filter(({ id }) => choice.needed.has(id));
  const checked: Warning[] = [];
  if (needed.length) {
    const bytes = needed.reduce((sum, entry) => sum + (entry.bytes ?? 0), 0);
    checked.push({
      code: 'pick.needed',
      text: l10n.t('Restored because they are needed ({0}): {1}.', formatBytes(bytes), labels(needed)),
      fixes: [
        { id: 'declineNeeded', label: l10n.t('Leave Them Out'), set: { pick: { dependencies: false } } },
      ],
    });
  }
  if (mended.length)
    checked.push({
      code: 'resume.mended',
      text: l10n.t('Their owners, privileges or comments are set again: {0}.', labels(mended)),
    });
  if (around.length)
    checked.push({
      code: 'resume.around',
      text: l10n.t('Taken away for a moment and made again after the rows: {0}.', labels(around)),
    });
  if (replacing?.anew.length)
    checked.push({
      code: 'pick.anew',
      text: l10n.t(
        'Made anew as they are now, because they depend on what is replaced: {0}.',
        labels(replacing.anew),
      ),
    });
  if (beside?.tables.length)
    checked.push({
      code: 'pick.beside',
      text: l10n.t(
        'New names: {0}. Foreign keys, triggers, policies and privileges are left out.',
        few(beside.tables.map(({ entry, name }) => `${entry.schema}.${entry.name} → ${name}`)),
      ),
    });
  const schemas = Object.entries(renames?.schemas ?? {});
  if (schemas.length)
    checked.push({
      code: 'rename.schemas',
      text: l10n.t(
        'Schemas get other names, in definitions, functions and rows alike: {0}.',
        few(schemas.map(([from, to]) => `${from} → ${to}`)),
      ),
    });
  return checked;
}

/** Sentences about what goes for good. */
export function destroysOf({ replacing, named }: Selection, sizes: TableSize[], database: string): string[] {
  if (!replacing) return [];
  const isTable = ({ kind }: Entry): boolean => kind === 'TABLE';
  const tables = replacing.gone.filter(isTable);
  const back = new Set(named.filter(isTable).map(({ schema, name }) => `${schema}.${name}`));
  const sized = sizes.filter(({ schema, name }) =>
    tables.some((t) => t.schema === schema && t.name === name),
  );
  const bytes = formatBytes(sized.reduce((sum, table) => sum + table.bytes, 0));
  const lost = tables.filter(({ schema, name }) => !back.has(`${schema}.${name}`));
  const others = replacing.gone.filter((entry) =>
    /VIEW$|^FUNCTION$|^PROCEDURE$|^TYPE$|^SEQUENCE$/.test(entry.kind),
  );
  return [
    ...(tables.length
      ? [
          l10n.t(
            '{0} tables of {1} ({2} with their indexes) are dropped with all their rows and made again as the backup has them: {3}.',
            ...[tables.length, database, bytes, few(sized.map(({ written }) => written))],
          ),
        ]
      : []),
    ...(lost.length
      ? [l10n.t('Partitions that the backup does not have go for good: {0}.', labels(lost))]
      : []),
    ...(others.length ? [l10n.t('Dropped and made again: {0}.', labels(others))] : []),
    ...replacing.before
      .filter((statement) => statement.startsWith('TRUNCATE'))
      .map((statement) =>
        l10n.t('All rows of {0} are replaced by those of the backup.', statement.slice(20, -1)),
      ),
  ];
}
