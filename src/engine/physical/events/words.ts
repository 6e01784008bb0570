import * as l10n from '@vscode/l10n';
import type { EventEffect } from './types';

/**
 * What a transaction did to a relation or database, in SQL's words: `DROP sales.invoice`. Names stand as they are.
 *
 * @param brief without the schema where that is public
 */
export function effectText(effect: EventEffect, { brief = false } = {}): string {
  const { kind, rows } = effect;
  const what = nameOf(effect, brief);
  switch (kind) {
    case 'drop':
      return `DROP ${what}`;
    case 'truncate':
      return `TRUNCATE ${what}`;
    case 'dropDatabase':
      return `DROP DATABASE ${what}`;
    case 'delete':
      return rows === null
        ? `DELETE FROM ${what}`
        : l10n.t('DELETE FROM {0}: {1} rows', what, rows.toLocaleString('en'));
  }
}

function nameOf({ schema, name, oid, fileNode }: EventEffect, brief: boolean): string {
  if (name === null) return oid === null ? l10n.t('file {0}', fileNode ?? '?') : l10n.t('relation {0}', oid);
  return schema === null || (brief && schema === 'public') ? name : `${schema}.${name}`;
}
