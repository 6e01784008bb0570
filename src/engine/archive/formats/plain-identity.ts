import * as l10n from '@vscode/l10n';
import { looksLikeSql } from '../sql/looks-like-sql';
import type { Identity } from '../types';
import { identity, type Probe } from './types';

/** The comment pg_dump and pg_dumpall begin with, after nothing but blank lines and comments. */
const HEADING = /^(?:\uFEFF|\s|--[^\n]*\n)*?--[ \t]*PostgreSQL database (cluster )?dump[ \t]*\r?\n/;

export async function identifyPlain(probe: Probe): Promise<Identity | null> {
  if (probe.container || probe.head.length === 0 || probe.head.includes(0)) return null;
  const text = probe.head.toString('utf8');
  const heading = HEADING.exec(text.slice(0, 4096));
  if (heading) return identity(heading[1] ? 'clusterScript' : 'script', 'plain', probe);
  // Values of a dump may hold any control character, so its heading is enough; other text has few.
  if (!isText(probe.head)) return null;
  if (looksLikeSql(text.replace(/^\uFEFF/, ''))) return identity('script', 'plain', probe);
  return identity('unknown', null, probe, {
    reason: l10n.t('It is text, but neither a dump nor a script of SQL statements.'),
  });
}

/** No control bytes but those text has; any encoding that keeps ASCII. */
function isText(head: Buffer): boolean {
  let odd = 0;
  for (const byte of head) {
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13) odd++;
  }
  return odd * 100 <= head.length;
}
