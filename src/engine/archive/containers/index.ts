export { FolderContainer } from './folder';
export { SubFolder } from './sub-folder';
export { TarContainer } from './tar';
export { BLOCK, parseTarHeader } from './tar-header';
export { cutShort, findTarHeader, nextTarMember, passTarMember, type TarMember } from './tar-walk';
export { ZipContainer } from './zip';
export type { Container, Member } from './types';
