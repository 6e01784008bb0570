import { countCustom } from './custom';
import { identifyCustom } from './custom-identity';
import { openCustom } from './custom-reader';
import { countDirectory } from './directory';
import { identifyDirectory } from './directory-identity';
import { MemberFiles } from './member-files';
import { openMembers } from './member-reader';
import { countPlain } from './plain';
import { identifyPlain } from './plain-identity';
import { openPlain } from './plain-reader';
import { countTar } from './tar';
import { identifyTar } from './tar-identity';
import type { Found, FormatDefinition, DumpReader } from './types';
import type { OpenOptions } from '../types';

/** Every dump format, in the order they are asked. */
export const formats: readonly FormatDefinition[] = [
  { name: 'directory', identify: identifyDirectory, open: openFiles, count: countDirectory },
  { name: 'custom', identify: identifyCustom, open: openCustom, count: countCustom },
  { name: 'tar', identify: identifyTar, open: openFiles, count: countTar },
  { name: 'plain', identify: identifyPlain, open: openPlain, count: countPlain },
];

/** Directory and tar dumps are the same files in different containers. */
async function openFiles(found: Found, options: OpenOptions): Promise<DumpReader> {
  const files = new MemberFiles(found);
  const { identity, container, limits } = found;
  const { wrapper } = identity;
  return await openMembers(
    { files, format: identity.format!, wrapper, listable: container!.listable, limits },
    options,
  );
}
