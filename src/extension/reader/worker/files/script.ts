import type { Entry } from '../../../../engine/archive';
import { shownDefinition } from '../definition';

/** An entry's definition as a document, under the same heading pg_dump gives it. */
export function scriptOf(entry: Entry): string {
  const { kind, schema, name, owner } = entry;
  const head = [
    `Name: ${line(name)}`,
    `Type: ${line(kind)}`,
    `Schema: ${schema === null ? '-' : line(schema)}`,
    ...(owner === null ? [] : [`Owner: ${line(owner)}`]),
  ];
  return `--\n-- ${head.join('; ')}\n--\n\n${shownDefinition(entry).trim()}\n`;
}

/** Lines of the heading, before the definition. */
export const headLines = 4;

/** A name must not end the comment it stands in. */
function line(name: string): string {
  return name.replace(/[\r\n\u2028\u2029]+/g, ' ');
}
