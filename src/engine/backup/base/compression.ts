import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../../errors';
import type { ClientBuild, Compression } from '../../tools/types';
import type { Answers } from '../types';
import type { BaseServer } from './server';

/** Where and how tar files are compressed. */
export interface BaseCompression {
  where: 'client' | 'server';
  method: Compression;
  /** Level and more, as given; empty for the method's default. */
  detail: string;
}

export const uncompressed: BaseCompression = { where: 'client', method: 'none', detail: '' };

/**
 * The measured default of tar files (docs/base-backups.md): zstd level 3 on the server where it has that, which keeps
 * two cores busy on one machine and a quarter of the bytes off the network between two; else on the client; else gzip
 * level 1, which every build has.
 */
export function defaultBaseCompression(server: BaseServer, build: ClientBuild): BaseCompression {
  const bothKnow = server.version.major >= 15 && build.version.major >= 15;
  if (bothKnow && server.compressions.includes('zstd'))
    return { where: 'server', method: 'zstd', detail: '3' };
  // pg_dump was asked what its build can do, and pg_basebackup is of the same build.
  if (build.version.major >= 16 && build.compression.includes('zstd'))
    return { where: 'client', method: 'zstd', detail: '3' };
  return { where: 'client', method: 'gzip', detail: '1' };
}

/** `--compress` as pg_basebackup reads it: `[{client|server}-]METHOD[:DETAIL]`, a level of gzip alone. Throws `backup.option`. */
export function parseBaseCompression(options: Answers): BaseCompression | undefined {
  if (options.gzip === true) return { where: 'client', method: 'gzip', detail: '' };
  if (options.compress === undefined || options.compress === '') return undefined;
  const text = String(options.compress).trim();
  if (/^\d$/.test(text))
    return text === '0' ? uncompressed : { where: 'client', method: 'gzip', detail: text };
  const [, where = 'client', method, detail = ''] =
    /^(?:(client|server)-)?(none|gzip|lz4|zstd)(?::([\w=,.-]+))?$/.exec(text) ?? [];
  if (method) return { where: where as 'client', method: method as Compression, detail };
  throw new RestorePointError({
    code: 'backup.option',
    what: l10n.t('"{0}" is no compression.', text),
    why: l10n.t(
      'Known are none, gzip, lz4 and zstd, each with a level after a colon, and "client-" or "server-" before it.',
    ),
    next: l10n.t('Write for example server-zstd:3 or gzip:1.'),
  });
}

/** As `--compress` takes it; pg_basebackup before 15 knows a level of gzip only. */
export function baseCompressionArgument(choice: BaseCompression, build: ClientBuild): string {
  const { where, method, detail } = choice;
  if (build.version.major < 15) return method === 'none' ? '0' : detail || '6';
  if (method === 'none') return 'none';
  return `${where}-${method}${detail ? `:${detail}` : ''}`;
}

/** For manifests and reports: `zstd:3`. */
export function baseCompressionLabel({ method, detail }: BaseCompression): string {
  return detail ? `${method}:${detail.replace(/^level=/, '')}` : method;
}
