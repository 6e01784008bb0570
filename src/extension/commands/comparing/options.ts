import * as vscode from 'vscode';
import type { CompareOptions, Ignorable } from '../../../engine/compare';
import type { Services } from '../../services';

/** What is compared, and what does not count. */
export async function askOptions({ ask }: Services): Promise<CompareOptions> {
  const title = vscode.l10n.t('Compare');
  const choice = await ask.pick<'rows' | 'objects' | 'options'>({
    id: 'compare.rows',
    title,
    placeholder: vscode.l10n.t('What is compared'),
    options: [
      {
        label: vscode.l10n.t('Objects and rows'),
        detail: vscode.l10n.t('Reads every table of both sides; a database in one snapshot.'),
        value: 'rows',
      },
      {
        label: vscode.l10n.t('Objects only'),
        detail: vscode.l10n.t('Tables, views, functions, … and who owns and may use them.'),
        value: 'objects',
      },
      {
        label: vscode.l10n.t('Objects and rows, with options…'),
        detail: vscode.l10n.t('Only some schemas or tables; without owners, privileges, comments, …'),
        value: 'options',
      },
    ],
  });
  if (choice !== 'options') return { rows: choice === 'rows' };
  const only = await ask.text({
    id: 'compare.only',
    title,
    prompt: vscode.l10n.t(
      'Only these tables: SCHEMA.NAME, with * and ? for any characters, parted by blanks. Empty: all.',
    ),
    placeholder: 'app.* public.orders',
  });
  const ignore = await ask.pickSeveral<Ignorable | 'numeric' | 'json'>({
    id: 'compare.ignore',
    title,
    placeholder: vscode.l10n.t('What does not count'),
    options: [
      { label: vscode.l10n.t('Owners'), value: 'owners' },
      { label: vscode.l10n.t('Privileges'), value: 'privileges' },
      { label: vscode.l10n.t('Comments'), value: 'comments' },
      { label: vscode.l10n.t('Tablespaces'), value: 'tablespaces' },
      { label: vscode.l10n.t('The order of columns'), value: 'columnOrder' },
      { label: vscode.l10n.t('Blanks in functions'), value: 'whitespace' },
      { label: vscode.l10n.t('Statistics objects'), value: 'statistics' },
      { label: vscode.l10n.t('How numbers are written: 1.0 is 1.00'), value: 'numeric' },
      { label: vscode.l10n.t('How JSON is written'), value: 'json' },
    ],
  });
  const tables = only.split(/\s+/).filter(Boolean);
  const ignored = ignore.filter((one) => one !== 'numeric' && one !== 'json');
  return {
    rows: true,
    ...(tables.length > 0 ? { tables } : {}),
    ...(ignored.length > 0 ? { ignore: ignored } : {}),
    values: {
      ...(ignore.includes('numeric') ? { numeric: 'value' as const } : {}),
      ...(ignore.includes('json') ? { json: 'value' as const } : {}),
    },
  };
}
