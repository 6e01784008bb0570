import * as l10n from '@vscode/l10n';
import type { Entry } from '../../archive';
import { RestorePointError } from '../../errors';

/**
 * Entries a person names: by id, as `schema.name` or `name` (tables, views, functions and all else that has a name of its
 * own), with a kind before it (`FUNCTION app.total`), or with `*` and `?` for any characters.
 */
export function findEntries(entries: readonly Entry[], named: readonly (number | string)[]): number[] {
  const found = new Set<number>();
  for (const name of named) {
    const fitting =
      typeof name === 'number' ? entries.filter(({ id }) => id === name) : byName(entries, name);
    if (fitting.length === 0)
      throw new RestorePointError({
        code: 'restore.noEntry',
        what: l10n.t('The backup holds no {0}.', name),
        why: l10n.t('No entry of its contents has this name.'),
        next: l10n.t(
          'Names are written as schema.name, with * for any characters; inspect lists all entries.',
        ),
      });
    for (const { id } of fitting) found.add(id);
  }
  return [...found];
}

/** Entries that belong to others are found by their kind and tag only: `INDEX app.orders_note`. */
const STANDS_ALONE =
  /^(?:TABLE|FOREIGN TABLE|VIEW|MATERIALIZED VIEW|SEQUENCE|TYPE|DOMAIN|FUNCTION|PROCEDURE|AGGREGATE|SCHEMA|EXTENSION|COLLATION|OPERATOR.*|TEXT SEARCH .*|EVENT TRIGGER|PUBLICATION|SUBSCRIPTION|SERVER|FOREIGN DATA WRAPPER|CAST|STATISTICS)$/;

function byName(entries: readonly Entry[], pattern: string): Entry[] {
  const kind = /^([A-Z]+(?: [A-Z]+)*) (?=\S)/.exec(pattern)?.[1] ?? null;
  const name = kind === null ? pattern : pattern.slice(kind.length + 1);
  const fits = new RegExp(
    `^${name
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );
  return entries.filter((entry) => {
    if (kind === null ? !STANDS_ALONE.test(entry.kind) : entry.kind !== kind) return false;
    const tags = [entry.name, entry.name.replace(/\(.*$/s, '')];
    return tags.some(
      (tag) => fits.test(tag) || (entry.schema !== null && fits.test(`${entry.schema}.${tag}`)),
    );
  });
}
