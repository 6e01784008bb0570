import * as l10n from '@vscode/l10n';
import type { DifferenceScript, ScriptStatement } from '../types';

export interface ScriptTextOptions {
  /** What it does, a line. */
  title: string;
  /** Only for these differences. */
  only?: ReadonlySet<string>;
  /** Names of the differences by their keys, for what is left out. */
  names?: ReadonlyMap<string, string>;
  /** Without BEGIN and COMMIT: who runs it sees to that. */
  bare?: boolean;
}

/** Statements PostgreSQL runs outside of a transaction only, or whose result no statement of the same transaction may use. */
const ALONE =
  /\bCREATE (?:SUBSCRIPTION|DATABASE|TABLESPACE)\b|\bDROP (?:SUBSCRIPTION|DATABASE|TABLESPACE)\b|\bALTER TYPE\b[^;]*\bADD VALUE\b/;

/** The script to read and run: one transaction where that is possible, what loses data marked, what is left out told. */
export function scriptText(
  { statements, leftOut }: DifferenceScript,
  { title, only, names, bare = false }: ScriptTextOptions,
): string {
  const wanted = (objects: readonly string[]): boolean => !only || objects.some((key) => only.has(key));
  const chosen = statements.filter(({ objects }) => wanted(objects));
  const missing = leftOut.filter(({ object }) => wanted([object]));
  const losing = chosen.filter(({ losesData }) => losesData).length;
  const alone = chosen.some(({ sql }) => ALONE.test(sql));
  const head = [
    `-- ${oneLine(title)}`,
    ...(losing > 0 ? [`-- ${l10n.t('{0} statements lose data; they are marked.', losing)}`] : []),
    ...(alone
      ? [`-- ${l10n.t('Some statements cannot run in a transaction: each stands for itself.')}`]
      : []),
    ...missing.flatMap(({ object, why, sql }) => [
      `-- ${l10n.t('Not done: {0}', oneLine(names?.get(object) ?? object))}`,
      `--   ${oneLine(why)}`,
      ...(sql
        ? sql
            .trim()
            .split('\n')
            .map((line) => `--   ${line}`)
        : []),
    ]),
  ];
  const body = chosen.map(statementText);
  const whole = !alone && !bare && body.length > 0;
  return [
    head.join('\n'),
    ...(whole ? ['BEGIN;'] : []),
    "SET search_path = '';\nSET check_function_bodies = false;",
    ...body,
    ...(whole ? ['COMMIT;'] : []),
    '',
  ].join('\n\n');
}

function statementText({ sql, losesData, note }: ScriptStatement): string {
  return [
    ...(losesData ? [`-- ${l10n.t('LOSES DATA: {0}', oneLine(losesData))}`] : []),
    ...(note ? [`-- ${oneLine(note)}`] : []),
    sql,
  ].join('\n');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
