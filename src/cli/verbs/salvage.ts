import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { describeFault, salvage, type SalvageReport } from '../../engine/archive';
import { common, oneOf, parse, theOne, UsageError } from '../args';
import { exitCodes, type Verb } from '../io';
import { printable, printResult } from '../output';
import { progressLine } from '../progress';
import { openArtifact } from './verify';

const usage = `restore-point salvage: what can still be read of a damaged backup

Usage: restore-point salvage ARTIFACT --to TARGET [--as script|files] [--json]

  --to TARGET  what is written; it must not be there yet
  --as script  an SQL script for psql: definitions, rows up to the damage, large objects that are whole (default)
  --as files   a folder with the definitions and one file of rows for each table
  --json       {"files", "tables": [{schema, name, state: "whole"|"partial"|"lost", rows, fault, file}],
               "definitions": {written, lost}, "largeObjects": {whole, lost}, "faults"}

Rows whose table nobody knows any more go into a folder beside the script. The damaged backup is not touched.
`;

export const verb: Verb = {
  usage,
  async run(args, io) {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: { ...common, to: { type: 'string' }, as: { type: 'string' } },
    });
    const given = theOne(positionals, l10n.t('salvage takes one artifact.'));
    if (values.to === undefined) throw new UsageError(l10n.t('salvage needs --to.'));
    const as = oneOf('as', values.as ?? 'script', ['script', 'files'] as const);
    const artifact = await openArtifact(resolve(given));
    const progress = progressLine(io);
    try {
      const report = await salvage(artifact.path, resolve(values.to), {
        as,
        signal: io.signal,
        onProgress: (fraction) => progress.show({ fraction, what: l10n.t('Salvaging'), remainingMs: null }),
      });
      progress.end();
      printResult(io, report, describe(report));
      return exitCodes.done;
    } finally {
      progress.end();
    }
  },
};

function describe({ files, tables, definitions, largeObjects, faults }: SalvageReport): string {
  const count = (state: string): number => tables.filter((table) => table.state === state).length;
  return [
    ...files.map(printable),
    l10n.t(
      '{0} tables whole, {1} in part, {2} lost; {3} definitions; {4} large objects whole, {5} lost',
      count('whole'),
      count('partial'),
      count('lost'),
      definitions.written,
      largeObjects.whole,
      largeObjects.lost.length,
    ),
    ...tables
      .filter(({ state }) => state !== 'whole')
      .map(({ schema, name, id, state, rows, fault }) => {
        const table = name === null ? l10n.t('entry {0}', id) : (schema ? `${schema}.` : '') + name;
        const what = state === 'lost' ? l10n.t('lost') : l10n.t('{0} rows', rows.toLocaleString('en'));
        return `  ${printable(table)}: ${what}${fault ? `; ${printable(fault.what)}` : ''}`;
      }),
    ...(faults.length
      ? [l10n.t('Damage:'), ...faults.map((fault) => `  ${printable(describeFault(fault))}`)]
      : []),
  ].join('\n');
}
