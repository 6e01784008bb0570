import * as l10n from '@vscode/l10n';
import { toFacts } from '../../errors';
import { BufferReader } from '../io/buffer-reader';
import type { Header } from '../types';
import { readHeader } from './header';

/** The header in the first bytes of an archive, or why there is none, as a sentence. */
export async function probeHeader(head: Buffer): Promise<{ header: Header } | { reason: string }> {
  try {
    return { header: await readHeader(new BufferReader(head, null)) };
  } catch (error) {
    const { code, what, why } = toFacts(error);
    if (code === 'archive.newer') return { reason: `${what} ${why}` };
    // A line feed that became two bytes on the way shifts every field after it.
    const text = head.includes('\r\n')
      ? ' ' + l10n.t('It looks as if it had been copied in text mode, which destroys archives.')
      : '';
    return { reason: l10n.t('It begins like an archive, but {0}.', why) + text };
  }
}
