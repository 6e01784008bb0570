import type { BackupsTree } from './backups';
import type { ConnectionsTree } from './connections';
import type { JobsTree } from './jobs';

export { BackupsTree } from './backups';
export { ConnectionsTree } from './connections';
export { RoleColours } from './decorations';
export { JobsTree } from './jobs';
export { MoreNode } from './connections/more';
export type { TreeNode } from './node';

export interface Trees {
  connections: ConnectionsTree;
  backups: BackupsTree;
  jobs: JobsTree;
}
