import { open } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { withClient } from '../connections';
import { RestorePointError } from '../errors';
import { readCopySource } from './copy';
import { ident, qualified } from './copyStatement';
import { firstRows } from './rowsText';
import type { CopyRequest, CopyShape, PlanContext } from './types';

/** First rows as text; null is NULL. */
export interface Preview {
  /** Null when the file does not name them. */
  columns: string[] | null;
  rows: (string | null)[][];
}

/** How much of a file a preview looks at. */
const previewBytes = 1 << 20;

/** The first rows a copy out would write, read in a transaction that can change nothing. */
export async function previewRows(
  request: CopyRequest,
  context: Pick<PlanContext, 'access' | 'signal'>,
  limit: number,
): Promise<Preview> {
  const source = await readCopySource(request, context);
  const from = source.query
    ? `(${source.query.replace(/[;\s]+$/, '')}\n) as preview`
    : qualified(source.table!);
  const columns = source.columns?.length ? source.columns.map(ident).join(', ') : '*';
  return await withClient(
    context.access,
    request.database,
    async (client) => {
      await client.query('begin read only');
      const { fields, rows } = await client.query<(string | null)[]>({
        text: `select ${columns} from ${from} limit ${Math.max(0, Math.trunc(limit))}`,
        rowMode: 'array',
        types: { getTypeParser: () => (value: string) => value } as never,
      });
      await client.query('rollback');
      return { columns: fields.map(({ name }) => name), rows };
    },
    { signal: context.signal },
  );
}

/** The first rows of a file as COPY would read it. Binary has no preview: throws `copy.option`. */
export async function previewFile(path: string, shape: CopyShape, limit: number): Promise<Preview> {
  if (shape.format === 'binary')
    throw new RestorePointError({
      code: 'copy.option',
      what: l10n.t('Binary rows have no preview.'),
      why: l10n.t('They carry neither the names nor the types of their columns.'),
      next: l10n.t('Copy them in, or take CSV.'),
    });
  const { text, whole } = await readStart(path, shape.encoding);
  const rows = firstRows(
    text,
    { format: shape.format, delimiter: shape.delimiter, null: shape.null },
    limit + (shape.header ? 1 : 0),
    whole,
  );
  const columns = shape.header ? (rows.shift() ?? []).map((name) => name ?? '') : null;
  return { columns, rows };
}

async function readStart(path: string, encoding?: string): Promise<{ text: string; whole: boolean }> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(previewBytes), 0, previewBytes, 0);
    const text = decoder(encoding).decode(buffer.subarray(0, bytesRead));
    return { text: text.replace(/^\uFEFF/, ''), whole: bytesRead < previewBytes };
  } finally {
    await file.close();
  }
}

/** PostgreSQL's names of encodings mostly are the web's with other dashes; a preview may be approximate. */
function decoder(encoding = 'UTF8'): TextDecoder {
  const name = encoding
    .toLowerCase()
    .replace(/^win(\d+)$/, 'windows-$1')
    .replace(/^latin1$/, 'iso-8859-1')
    .replace(/^euc_(jp|kr|cn)$/, 'euc-$1');
  try {
    return new TextDecoder(name);
  } catch {
    return new TextDecoder('latin1');
  }
}
