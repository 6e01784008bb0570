/**
 * What a command acts on and what a person would have answered, as plain data: a tree row has one, and
 * a keybinding, a task or a test passes one instead of clicking. What is absent is asked for.
 */
export interface Target {
  /** Id or name of a connection. */
  connection?: string;
  database?: string;
  schema?: string;
  relation?: string;
  /** Path of a backup: file or folder. */
  artifact?: string;
  /** A folder whose backups are listed. */
  folder?: string;
  /** A job's id. */
  job?: string;
}
