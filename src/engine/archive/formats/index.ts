import { identifyCustom } from './custom-identity';
import { identifyDirectory } from './directory-identity';
import { identifyPlain } from './plain-identity';
import { identifyTar } from './tar-identity';
import type { DumpReader, Found, FormatDefinition } from './types';
import type { OpenOptions } from '../types';

/** Every dump format, in the order they are asked. Recognising reads little; what reads a dump is loaded for it. */
export const formats: readonly FormatDefinition[] = [
  {
    name: 'directory',
    identify: identifyDirectory,
    open: openFiles,
    count: async (...dump) => await (await import('./directory')).countDirectory(...dump),
  },
  {
    name: 'custom',
    identify: identifyCustom,
    open: async (...dump) => await (await import('./custom-reader')).openCustom(...dump),
    count: async (...dump) => await (await import('./custom')).countCustom(...dump),
  },
  {
    name: 'tar',
    identify: identifyTar,
    open: openFiles,
    count: async (...dump) => await (await import('./tar')).countTar(...dump),
  },
  {
    name: 'plain',
    identify: identifyPlain,
    open: async (...dump) => await (await import('./plain-reader')).openPlain(...dump),
    count: async (...dump) => await (await import('./plain')).countPlain(...dump),
  },
];

/** Directory and tar dumps are the same files in different containers. */
async function openFiles(found: Found, options: OpenOptions): Promise<DumpReader> {
  const { MemberFiles } = await import('./member-files');
  const { openMembers } = await import('./member-reader');
  const files = new MemberFiles(found);
  const { identity, container, limits } = found;
  const { wrapper } = identity;
  return await openMembers(
    { files, format: identity.format!, wrapper, listable: container!.listable, limits },
    options,
  );
}
