import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import type { ClientBuild, Compression } from '../tools/types';
import type { Answers, DumpFormat } from './types';

/** pg_dump's compression, parsed from `zstd:3`, `gzip:level=1`, `9`, `none`. */
export interface CompressionChoice {
  method: Compression;
  /** What follows the colon, as given; empty for the method's default. */
  detail: string;
}

/**
 * The measured defaults: zstd level 3 where the client has it (2.8 times faster than the default and
 * smaller), else gzip level 1 (2 times faster, 6 % larger). See docs/decisions.md.
 */
export function measuredDefaults(build: ClientBuild): Answers {
  if (build.compression.includes('zstd')) return { compress: 'zstd:3' };
  if (build.compression.includes('gzip'))
    return { compress: compressionArgument({ method: 'gzip', detail: '1' }, build) };
  return { compress: compressionArgument({ method: 'none', detail: '' }, build) };
}

/** Throws `backup.option` for what pg_dump would not understand. */
export function parseCompression(value: string | number | boolean | string[]): CompressionChoice {
  const text = String(value).trim();
  if (/^\d+$/.test(text))
    return text === '0' ? { method: 'none', detail: '' } : { method: 'gzip', detail: text };
  const [, method = '', detail = ''] = /^(none|gzip|lz4|zstd)(?::(.+))?$/s.exec(text) ?? [];
  if (method) return { method: method as Compression, detail };
  throw new RestorePointError({
    code: 'backup.option',
    what: l10n.t('"{0}" is no compression.', text),
    why: l10n.t(
      'Known are none, gzip, lz4 and zstd, each with a level after a colon, or a level of gzip alone.',
    ),
    next: l10n.t('Write for example zstd:3 or gzip:1.'),
  });
}

/** The choice as `--compress` of this build takes it: before 16 a bare level of gzip. */
export function compressionArgument(choice: CompressionChoice, build: ClientBuild): string {
  const { method, detail } = choice;
  if (build.version.major >= 16) return detail && method !== 'none' ? `${method}:${detail}` : method;
  if (method === 'none') return '0';
  return detail.replace(/^level=/, '') || '6';
}

/** For names, manifests and reports: `zstd:3`, `gzip:1`, `none`. */
export function compressionLabel(choice: CompressionChoice): string {
  return choice.detail ? `${choice.method}:${choice.detail.replace(/^level=/, '')}` : choice.method;
}

/** What a format is compressed with when nobody says: scripts are made to be read, tar cannot be. */
export function defaultCompression(format: DumpFormat, build: ClientBuild): CompressionChoice {
  if (format === 'plain' || format === 'tar') return { method: 'none', detail: '' };
  return parseCompression(measuredDefaults(build).compress!);
}
