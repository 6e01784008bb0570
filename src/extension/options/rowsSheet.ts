import * as vscode from 'vscode';
import type { CopyFormat, CopyShape, Preview } from '../../engine/backup';
import type { Ask } from '../ask';
import type { Services } from '../services';
import { askSheet, switchText, type Row } from './sheet';

/**
 * How rows stand in a file: format, header, delimiter, NULL, encoding, with a look at the first rows.
 *
 * @param action label of what goes on: Export, Import
 * @param preview the first rows in the shape chosen so far
 */
export async function askShape(
  { ask, rowPreviews }: Services,
  title: string,
  action: string,
  preview: (shape: CopyShape, limit: number) => Promise<Preview>,
): Promise<CopyShape> {
  const shape: CopyShape = { format: 'csv', header: true };
  for (;;) {
    const chosen = await askSheet(ask, {
      id: 'rows.shape',
      title,
      placeholder: vscode.l10n.t('How the rows stand in the file'),
      actions: () => [
        { id: 'run', label: `$(play) ${action}`, detail: summary(shape) },
        ...(shape.format === 'binary'
          ? []
          : [{ id: 'preview', label: `$(eye) ${vscode.l10n.t('Preview the First Rows')}` }]),
      ],
      rows: () => rows(ask, title, shape),
    });
    if (chosen !== 'preview') return shape;
    await rowPreviews.show(title, await preview(shape, previewLimit));
  }
}

const previewLimit = 20;

function rows(ask: Ask, title: string, shape: CopyShape): Row[] {
  const heading = vscode.l10n.t('The file');
  const format: Row = {
    id: 'format',
    heading,
    label: vscode.l10n.t('Format'),
    value: shape.format,
    detail: vscode.l10n.t('csv, tsv (PostgreSQL’s text format) or binary'),
    change: async () => {
      shape.format = await ask.pick<CopyFormat>({
        id: 'rows.format',
        title,
        placeholder: vscode.l10n.t('Format of the rows'),
        options: formats(),
      });
      // What one format understands may be nonsense in the other.
      delete shape.delimiter;
      delete shape.null;
      if (shape.format === 'binary') delete shape.header;
      else shape.header ??= true;
    },
  };
  const encoding = textRow({
    id: 'encoding',
    label: vscode.l10n.t('Encoding'),
    detail: vscode.l10n.t('PostgreSQL’s name of it; empty: UTF8'),
  });
  if (shape.format === 'binary') return [format];
  return [
    format,
    {
      id: 'header',
      heading,
      label: vscode.l10n.t('First line names the columns'),
      value: switchText(shape.header),
      detail: vscode.l10n.t('Needed for columns in another order than the table’s'),
      change: async () => {
        shape.header = !shape.header;
      },
    },
    textRow({
      id: 'delimiter',
      label: vscode.l10n.t('Delimiter'),
      detail: vscode.l10n.t('One character; empty: a comma in csv, a tab in tsv'),
      validate: (text) =>
        Buffer.byteLength(text) > 1 ? vscode.l10n.t('It must be one single-byte character.') : undefined,
    }),
    textRow({
      id: 'null',
      label: 'NULL',
      detail: vscode.l10n.t('What stands for NULL; empty: an unquoted empty field in csv, \\N in tsv'),
    }),
    encoding,
  ];

  function textRow(row: {
    id: 'delimiter' | 'null' | 'encoding';
    label: string;
    detail: string;
    validate?(text: string): string | undefined;
  }): Row {
    return {
      id: row.id,
      heading,
      label: row.label,
      value: shape[row.id] ?? '',
      detail: row.detail,
      change: async () => {
        const text = await ask.text({
          id: `rows.${row.id}`,
          title: `${title}: ${row.label}`,
          prompt: row.detail,
          value: shape[row.id],
          validate: row.validate,
        });
        if (text === '') delete shape[row.id];
        else shape[row.id] = text;
      },
    };
  }
}

function formats(): { label: string; detail: string; value: CopyFormat }[] {
  return [
    {
      label: 'CSV',
      detail: vscode.l10n.t('Comma-separated, for spreadsheets and most programs.'),
      value: 'csv',
    },
    { label: 'TSV', detail: vscode.l10n.t('Tab-separated, PostgreSQL’s own text format.'), value: 'tsv' },
    {
      label: vscode.l10n.t('Binary'),
      detail: vscode.l10n.t('PostgreSQL’s binary format, for the same columns only.'),
      value: 'binary',
    },
  ];
}

function summary({ format, header, delimiter, encoding }: CopyShape): string {
  return [
    format,
    ...(header ? [vscode.l10n.t('with column names')] : []),
    ...(delimiter ? [vscode.l10n.t('delimiter {0}', delimiter)] : []),
    ...(encoding ? [encoding] : []),
  ].join(' · ');
}
