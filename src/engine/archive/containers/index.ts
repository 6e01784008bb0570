export { FolderContainer } from './folder';
export { SubFolder } from './sub-folder';
export { TarContainer } from './tar';
export { BLOCK, padding, parseTarHeader } from './tar-header';
export { ZipContainer } from './zip';
export type { Container, Member } from './types';
