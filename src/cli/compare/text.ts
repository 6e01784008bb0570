import * as l10n from '@vscode/l10n';
import type { Change, Comparison, TableCompared } from '../../engine/compare';
import { formatBytes } from '../../engine/format';
import { durationText, printable } from '../output';

const signs: Record<Change, string> = { added: '+', removed: '-', changed: '~' };

/** A comparison for a terminal: what differs, one line each. `+` is on the right only, `-` on the left only. */
export function describeComparison({
  equal,
  left,
  right,
  objects,
  tables,
  sequences,
  largeObjects,
  faults,
  made,
}: Comparison): string {
  const lines = [
    `${printable(left.title)} ⇄ ${printable(right.title)}`,
    ...objects.differences.map(
      ({ change, kind, schema, name, aspects }) =>
        `${signs[change]} ${kind} ${printable(schema ? `${schema}.${name}` : name)}${aspects.length > 0 ? `: ${aspects.join(', ')}` : ''}`,
    ),
    ...tables.filter(({ state }) => state !== 'same').flatMap(tableLines),
    ...sequences.map(
      ({ schema, name, left, right }) =>
        `~ ${l10n.t('value of {0}', printable(`${schema}.${name}`))}: ${left?.value ?? ''} → ${right?.value ?? ''}`,
    ),
    ...(largeObjects?.changed ?? []).map(
      ({ change, oid }) => `${signs[change]} ${l10n.t('large object {0}', oid)}`,
    ),
    ...faults.map(
      ({ side, what, entry }) =>
        `! ${side === null ? '' : `${side === 'left' ? printable(left.title) : printable(right.title)}: `}${entry === null ? '' : `${printable(entry)}: `}${printable(what)}`,
    ),
    ...objects.normalised.map(({ text, count }) => `  ${text} (${count})`),
    equal
      ? l10n.t('Nothing differs.')
      : l10n.t(
          '{0} objects and {1} rows differ.',
          objects.differences.length,
          tables
            .reduce(
              (sum, { added, removed, changed }) => sum + (added ?? 0) + (removed ?? 0) + (changed ?? 0),
              0,
            )
            .toLocaleString('en'),
        ),
    l10n.t('Took {0}, read {1}.', durationText(made.durationMs), formatBytes(left.bytes + right.bytes)),
  ];
  return lines.join('\n');
}

function tableLines({ schema, name, state, added, removed, changed, same, notes }: TableCompared): string[] {
  const number = (sign: string, count: number | null): string[] =>
    count ? [`${sign}${count.toLocaleString('en')}`] : [];
  const counts = [...number('+', added), ...number('-', removed), ...number('~', changed)].join(' ');
  const sign = { same: '=', different: '~', leftOnly: '-', rightOnly: '+', notCompared: '!' }[state];
  const table = printable(`${schema}.${name}`);
  const what =
    state === 'notCompared'
      ? l10n.t('not compared')
      : l10n.t('{0} rows; {1} are the same', counts || '0', (same ?? 0).toLocaleString('en'));
  return [`${sign} ${table}: ${what}`, ...notes.map((note) => `    ${printable(note)}`)];
}
