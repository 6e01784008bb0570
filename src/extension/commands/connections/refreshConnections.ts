import type { Command } from '../command';

/** Reads the row anew from its server, or all of them. */
export const refreshConnections: Command = {
  id: 'restorePoint.refreshConnections',
  run({ trees }, { target }) {
    trees.connections.reload(target.row);
    return Promise.resolve();
  },
};
