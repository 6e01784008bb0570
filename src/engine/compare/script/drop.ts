import type { Entry } from '../../archive';
import { classify, objectOf } from '../../archive/comparing';
import { quoteIdent } from '../../quote';

/** The statement that drops an object; null where nobody can tell. Archives say it, scripts do not. */
export function dropStatement(entry: Entry): string | null {
  const { kind, schema, name, definition } = entry;
  const said = entry.dropStatement.trim();
  if (said && !said.startsWith('--')) return said;
  const object = objectOf(entry);
  if (object) return `DROP ${object};`;
  const on = classify(definition)?.on;
  const relation =
    on &&
    `${(on.schema ?? schema) ? `${quoteIdent(on.schema ?? schema ?? '')}.` : ''}${quoteIdent(on.table)}`;
  switch (kind) {
    case 'INDEX':
      return `DROP INDEX ${quoteIdent(schema ?? '')}.${quoteIdent(name)};`;
    case 'CONSTRAINT':
    case 'FK CONSTRAINT':
    case 'CHECK CONSTRAINT':
      return relation ? `ALTER TABLE ${relation} DROP CONSTRAINT ${quoteIdent(on.own)};` : null;
    case 'TRIGGER':
    case 'RULE':
    case 'POLICY':
      return relation ? `DROP ${kind} ${quoteIdent(on.own)} ON ${relation};` : null;
    case 'ROW SECURITY':
      return `ALTER TABLE ${quoteIdent(schema ?? '')}.${quoteIdent(name)} DISABLE ROW LEVEL SECURITY;`;
    case 'EXTENSION':
    case 'EVENT TRIGGER':
    case 'PUBLICATION':
    case 'SUBSCRIPTION':
    case 'SERVER':
    case 'FOREIGN DATA WRAPPER':
      return `DROP ${kind} ${quoteIdent(name)};`;
    default:
      return null;
  }
}
