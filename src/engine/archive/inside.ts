import * as l10n from '@vscode/l10n';
import type { Container, Member } from './containers';
import { parseTarHeader } from './containers';
import { DamageError } from './errors';
import type { FindOptions } from './find';
import { formats } from './formats';
import { readHead } from './io/source';
import type { Probe } from './formats/types';
import { wrapperOf } from './wrappers';

/** Files that are looked at, beside those with the names of directory dumps. */
const MOST_CANDIDATES = 64;
const HEAD = 8 * 1024;

/** A folder (its name with a slash at its end, or empty) or a file (`member`) in a container, or why there is none. */
export type Choice = { name: string; member: Member | null } | { reason: string };

/**
 * The dump in a tar or zip file: a folder with a table of contents, else the only file that may be a dump
 * itself. Where names cannot be had without decoding everything, the first one that is met.
 */
export async function choose(
  container: Container,
  { signal, most = Infinity }: FindOptions,
): Promise<Choice> {
  const folders: string[] = [];
  const files: Member[] = [];
  let looked = 0;
  let passed = 0;
  try {
    for await (const member of container.members({ signal })) {
      const folder = /^(.*\/)?toc\.dat(?:\.(?:gz|lz4|zst))?$/.exec(member.name);
      if (folder && !isHidden(member.name)) folders.push(folder[1] ?? '');
      else if (looked < MOST_CANDIDATES && isCandidate(member)) {
        looked++;
        if (await mayBeDump(member)) files.push(member);
      }
      if (container.listable) continue;
      if (folders.length + files.length > 0) break;
      passed += member.size;
      if (passed > most) return { reason: l10n.t('Its first members are no PostgreSQL dump.') };
    }
  } catch (error) {
    // A damaged list may name a dump before the damage.
    if (!(error instanceof DamageError)) throw error;
    if (folders.length + files.length === 0) return { reason: error.why };
  }
  const names = [...new Set(folders), ...(folders.length > 0 ? [] : files.map(({ name }) => name))];
  if (names.length === 0) return { reason: nothingIn(container) };
  if (names.length > 1) {
    const list = names.slice(0, 5).join(', ');
    return { reason: l10n.t('It holds several dumps: {0}. Unpack it, and choose one.', list) };
  }
  return { name: names[0]!, member: folders.length > 0 ? null : files[0]! };
}

function nothingIn({ kind }: Container): string {
  return kind === 'zip'
    ? l10n.t('It is a ZIP file without a PostgreSQL dump.')
    : l10n.t('It is a tar file without a PostgreSQL dump.');
}

/** What file managers and version control put beside files. */
function isHidden(name: string): boolean {
  return /(?:^|\/)(?:\.|__MACOSX\/)/.test(name);
}

/** Parts of directory dumps look like anything; they are never dumps themselves. */
function isCandidate({ name, size }: Member): boolean {
  const part = /(?:^|\/)(?:\d+\.dat|blob_\d+\.dat|blobs(?:_\d+)?\.toc|restore\.sql)(?:\.(?:gz|lz4|zst))?$/;
  return size > 0 && !isHidden(name) && !part.test(name);
}

async function mayBeDump(member: Member): Promise<boolean> {
  const source = await member.open();
  let head: Buffer;
  try {
    head = await readHead(source, HEAD);
  } catch (error) {
    if (error instanceof DamageError) return false;
    throw error;
  } finally {
    await source.close();
  }
  // What is inside of these is seen when it is opened.
  if (wrapperOf(head) || parseTarHeader(head) || head.toString('latin1', 0, 4) === 'PK\x03\x04') return true;
  const probe: Probe = { container: null, head, wrapper: null };
  for (const format of formats) {
    const found = await format.identify(probe);
    if (found) return found.kind !== 'unknown';
  }
  return false;
}
