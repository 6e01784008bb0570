import { countCustom, customContents } from './custom';
import { identifyCustom } from './custom-identity';
import { countDirectory, directoryContents } from './directory';
import { identifyDirectory } from './directory-identity';
import { countPlain, plainContents } from './plain';
import { identifyPlain } from './plain-identity';
import { countTar, tarContents } from './tar';
import { identifyTar } from './tar-identity';
import type { FormatDefinition } from './types';

/** Every dump format, in the order they are asked. */
export const formats: readonly FormatDefinition[] = [
  {
    name: 'directory',
    identify: identifyDirectory,
    contents: (path, _wrapper, options) => directoryContents(path, options),
    count: (path, _wrapper, options) => countDirectory(path, options),
  },
  { name: 'custom', identify: identifyCustom, contents: customContents, count: countCustom },
  { name: 'tar', identify: identifyTar, contents: tarContents, count: countTar },
  {
    name: 'plain',
    identify: identifyPlain,
    contents: (path, _wrapper, options) => plainContents(path, options),
    count: (path, _wrapper, options) => countPlain(path, options),
  },
];
