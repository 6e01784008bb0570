/** A member's path with `/`, without what leads to where it is: `./`, `/`. */
export function cleanName(name: string): string {
  return name.replaceAll('\\', '/').replace(/^(?:\.?\/)+/, '');
}
