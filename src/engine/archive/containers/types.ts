import type { ByteSource } from '../io/source';
import type { ReadOptions } from '../types';

/** One file in a container. */
export interface Member {
  /** Its path with `/`, without `./` in front. */
  name: string;
  /** Bytes when unpacked. */
  size: number;
  /** Its bytes; close them when done. */
  open(): Promise<ByteSource>;
}

/** Something that holds files by name: a folder, a tar file, a zip file. */
export interface Container {
  readonly kind: 'folder' | 'tar' | 'zip';
  /** Regular files, in the container's order; damage is thrown after those before it. */
  members(options?: ReadOptions): AsyncIterable<Member>;
  /** Null when there is none; in compressed tar files everything before has to be decoded. */
  find(name: string, options?: ReadOptions): Promise<Member | null>;
  /** Whether all names can be had without decoding anything. */
  readonly listable: boolean;
  close(): Promise<void>;
}
