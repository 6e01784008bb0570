import * as vscode from 'vscode';

/** Scheme of what is inside of dumps. */
export const dumpScheme = 'restore-point';

/** Behind the dump's own path: what follows lies inside. No name inside ends with it. */
const mark = '!';

/** What lies inside a dump: `restore-point:/backups/shop.dump!/public/tables/orders.sql`. */
export function insideUri(dump: string, inside = ''): vscode.Uri {
  const { authority, path } = vscode.Uri.file(dump);
  return vscode.Uri.from({
    scheme: dumpScheme,
    authority,
    path: `${path}${mark}${inside ? `/${inside}` : ''}`,
  });
}

/** The dump's path and the names inside; undefined for what is no such address. */
export function parseInside({ authority, path }: vscode.Uri): { dump: string; inside: string[] } | undefined {
  const parts = path.split('/');
  const at = parts.findLastIndex((part) => part.endsWith(mark));
  if (at < 0) return undefined;
  const outer = parts
    .slice(0, at + 1)
    .join('/')
    .slice(0, -mark.length);
  const { fsPath } = vscode.Uri.from({ scheme: 'file', authority, path: outer });
  return { dump: fsPath, inside: parts.slice(at + 1).filter((part) => part !== '') };
}
