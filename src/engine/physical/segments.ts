// A door of its own: a server starts `wal push` or `wal fetch` anew for every segment, and waits for it; others only ask for names.
export { available as availableCompression, walCompressions } from './wal/encode';
export { fetchWal } from './wal/fetch';
export { isWalArchive } from './wal/folder';
export { pushWal } from './wal/push';
