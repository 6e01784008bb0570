import * as l10n from '@vscode/l10n';
import { maskSecrets } from '../../archive';
import type { DifferenceScript } from '../types';

/** Whether a statement holds what a comparison's file does not keep. */
export function holdsSecret(sql: string): boolean {
  return maskSecrets(sql) !== sql;
}

/** What is told of a statement that is left to a person: it stands beside the reason, without the secret. */
export function withheld(object: string, sql: string): DifferenceScript['leftOut'][number] {
  return {
    object,
    why: l10n.t(
      'It holds a password or another secret, which a comparison does not keep: write it in and run it.',
    ),
    sql: maskSecrets(sql),
  };
}

/** Statements with a secret in them are left out; nothing may run with a mask in the place of one. */
export function withoutSecrets({ statements, leftOut }: DifferenceScript): DifferenceScript {
  const [held, kept] = [
    statements.filter(({ sql }) => holdsSecret(sql)),
    statements.filter(({ sql }) => !holdsSecret(sql)),
  ];
  return {
    statements: kept,
    leftOut: [...leftOut, ...held.flatMap(({ sql, objects }) => objects.map((key) => withheld(key, sql)))],
  };
}
