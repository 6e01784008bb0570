import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { ErrorFacts } from '../../engine/errors';
import { Rpc, type Contract, type Handlers } from '../../shared/rpc';

/** What every page of ours gets: no network, no inline script, only files of `dist/webview`. */
export function pageOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [pagesFolder(extensionUri)] };
}

/**
 * Fills a webview with one of our pages and connects it.
 *
 * @param name the page's folder below `src/webview`
 * @param handlers what the page may call
 * @param toFacts the engine's wording of an error (the engine is a bundle of its own: its classes too)
 * @returns the calls into the page; closed with the webview by the caller's `dispose`
 */
export function openPage<Host extends Contract<Host>, Page extends Contract<Page>>(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  name: string,
  handlers: Handlers<Host>,
  toFacts: (error: unknown) => ErrorFacts,
): { rpc: Rpc<Host, Page>; dispose(): void } {
  const rpc = new Rpc<Host, Page>((message) => void webview.postMessage(message), handlers, toFacts);
  const listener = webview.onDidReceiveMessage((message) => rpc.receive(message));
  webview.html = html(webview, extensionUri, name);
  return {
    rpc,
    dispose: () => {
      listener.dispose();
      rpc.close();
    },
  };
}

function pagesFolder(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}

function html(webview: vscode.Webview, extensionUri: vscode.Uri, name: string): string {
  const nonce = randomBytes(16).toString('base64');
  const uri = (file: string): vscode.Uri =>
    webview.asWebviewUri(vscode.Uri.joinPath(pagesFolder(extensionUri), name, file));
  const policy = [
    `default-src 'none'`,
    // Modules may import chunks beside them, so the source is allowed as well as the nonce.
    `script-src 'nonce-${nonce}' ${webview.cspSource}`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    // Pictures a page makes of bytes it was given; none is fetched from anywhere.
    `img-src blob:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uri('main.css')}">
</head>
<body>
<div id="root"></div>
<script type="module" nonce="${nonce}" src="${uri('main.js')}"></script>
</body>
</html>`;
}
