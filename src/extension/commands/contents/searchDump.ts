import { basename } from 'node:path';
import * as vscode from 'vscode';
import { insideUri } from '../../documents/dumpUris';
import type { FileMatch } from '../../reader/contract';
import type { Call, Command } from '../command';
import { chooseDump } from './chooseDump';

interface Answers {
  text: string;
}

/** More are not listed: a person searches for more words then. */
const mostMatches = 2_000;

/** Searches the definitions of a dump and opens what is chosen of the lines found. */
export const searchDump: Command = {
  id: 'restorePoint.searchDump',
  untrusted: true,
  async run(services, { target }: Call<Answers>) {
    const { ask, dumps } = services;
    const title = vscode.l10n.t('Search in Dump');
    const path = await chooseDump(services, target, title);
    const text =
      target.text ??
      (await ask.text({
        id: 'contents.search',
        title: vscode.l10n.t('Search in {0}', basename(path)),
        prompt: vscode.l10n.t('Text in the definitions. With a capital letter, case matters.'),
        validate: (typed) => (typed === '' ? vscode.l10n.t('Type what to look for.') : undefined),
      }));
    const lease = dumps.use(path);
    try {
      await lease.dump.call('open', null);
      const matchCase = text !== text.toLowerCase();
      const found = lease.dump.call('searchFiles', { text, matchCase, limit: mostMatches });
      const match = await ask.pick<FileMatch | undefined>({
        id: 'contents.match',
        title: vscode.l10n.t('Search in {0}: {1}', basename(path), text),
        placeholder: vscode.l10n.t('Lines of definitions'),
        options: found.then((matches) =>
          matches.length
            ? matches.map((one) => ({
                label: one.text,
                description: [one.kind.toLowerCase(), [one.schema, one.name].filter(Boolean).join('.')].join(
                  ' ',
                ),
                value: one,
              }))
            : [{ label: vscode.l10n.t('No definition holds this text.'), value: undefined }],
        ),
      });
      if (!match) return;
      const from = new vscode.Position(match.line, match.column);
      await vscode.window.showTextDocument(insideUri(path, match.file), {
        preview: true,
        selection: new vscode.Range(from, from.translate(0, text.length)),
      });
    } finally {
      lease.dispose();
    }
  },
};
