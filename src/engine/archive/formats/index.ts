import { identifyCustom } from './custom-identity';
import { identifyDirectory } from './directory-identity';
import { identifyPlain } from './plain-identity';
import { identifyTar } from './tar-identity';
import type { FormatDefinition } from './types';

/** Every dump format, in the order they are asked. */
export const formats: readonly FormatDefinition[] = [
  { name: 'directory', identify: identifyDirectory },
  { name: 'custom', identify: identifyCustom },
  { name: 'tar', identify: identifyTar },
  { name: 'plain', identify: identifyPlain },
];
