/** A statement with the semicolon that ends it. */
export function semicolon(statement: string): string {
  const text = statement.trim();
  return text.endsWith(';') || text === '' ? text : `${text};`;
}
