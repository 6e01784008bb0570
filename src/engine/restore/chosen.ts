import type { Contents, Entry } from '../archive';
import type { RestoreOptions } from './types';

/** Kinds pg_restore does not restore as objects of their own without `--create`. */
const aside = /^(?:ENCODING|STDSTRINGS|SEARCHPATH|DATABASE|DATABASE PROPERTIES)$/;

/** The entries a restore goes through, as far as the options tell (filters by name are pg_restore's own). */
export function chosenEntries(contents: Contents, options: RestoreOptions = {}): Entry[] {
  const sections = options.section === undefined ? null : [options.section].flat().map(String);
  return contents.entries.filter((entry) => {
    if (aside.test(entry.kind) || /^DATABASE /.test(entry.name)) return false;
    const isData = entry.section === 'data';
    if (options['schema-only'] && isData) return false;
    if (options['data-only'] && !isData) return false;
    if (sections && entry.section !== 'none' && !sections.includes(entry.section)) return false;
    if (entry.kind === 'ACL' || entry.kind === 'DEFAULT ACL')
      return !options['no-privileges'] && !options['no-acl'];
    if (entry.kind === 'COMMENT') return !options['no-comments'];
    if (entry.kind === 'SECURITY LABEL') return !options['no-security-labels'];
    if (entry.kind.startsWith('PUBLICATION')) return !options['no-publications'];
    if (entry.kind.startsWith('SUBSCRIPTION')) return !options['no-subscriptions'];
    return true;
  });
}
