/**
 * Name patterns as pg_dump, pg_dumpall and psql read them
 * (https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-PATTERNS; `processSQLNamePattern` in
 * src/fe_utils/string_utils.c): `*` any text, `?` one character, `.` parts schema and name, double
 * quotes take all meaning away and keep the case, and what is left is a regular expression.
 */

/** A pattern that means exactly this name, whatever is in it. */
export function exactPattern(...parts: string[]): string {
  return parts.map((part) => `"${part.replaceAll('"', '""')}"`).join('.');
}

/** Characters of a regular expression that a quoted part must not have as such. */
const special = /[|*+?()[\]{}.^$\\]/;

/** The pattern's parts as sources of regular expressions, outermost first (`schema.name` gives two). */
function parts(pattern: string): string[] {
  const found: string[] = [];
  let source = '';
  let quoted = false;
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    const c = characters[i]!;
    if (c === '"') {
      if (quoted && characters[i + 1] === '"') {
        source += '"';
        i++;
      } else quoted = !quoted;
    } else if (quoted) source += special.test(c) ? `\\${c}` : c;
    else if (c === '*') source += '.*';
    else if (c === '?') source += '.';
    else if (c === '.') {
      found.push(source);
      source = '';
    } else if (c === '$') source += '\\$';
    else source += c.toLowerCase();
  }
  found.push(source);
  return found;
}

function expression(source: string): (text: string) => boolean {
  try {
    const re = new RegExp(`^(?:${source})$`, 'su');
    return (text) => re.test(text);
  } catch {
    // PostgreSQL's expressions know more than JavaScript's; the tool will judge what we cannot.
    return () => true;
  }
}

/** Whether a plain name (a database, a schema) fits a pattern. */
export function matchName(pattern: string): (name: string) => boolean {
  return expression(parts(pattern).at(-1)!);
}

export interface Named {
  schema: string;
  name: string;
  /** Found without naming its schema. */
  visible: boolean;
}

/** Whether a relation fits a pattern; one without a schema fits only what the search path shows. */
export function matchRelation(pattern: string): (relation: Named) => boolean {
  const found = parts(pattern);
  const name = expression(found.at(-1)!);
  if (found.length < 2) return (relation) => relation.visible && name(relation.name);
  const schema = expression(found.at(-2)!);
  return (relation) => schema(relation.schema) && name(relation.name);
}
