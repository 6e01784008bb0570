import type { TreeNode } from './trees/node';

/**
 * What a command acts on, as plain data: a tree row has one, and a keybinding, a task or a test passes
 * one instead of clicking. What is absent is asked for.
 */
export interface Target {
  /** Id or name of a connection. */
  connection?: string;
  database?: string;
  schema?: string;
  relation?: string;
  /** Key of a connection found in the workspace. */
  found?: string;
  /** Path of a backup: file or folder. */
  artifact?: string;
  /** A job's id. */
  job?: string;
  /** Id of a restore point. */
  point?: string;
  /** A setting's key without `restorePoint.`. */
  setting?: string;
  /** The row itself, where one was pressed. */
  row?: TreeNode;
}
