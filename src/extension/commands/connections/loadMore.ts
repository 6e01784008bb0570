import { MoreNode } from '../../trees';
import type { Command } from '../command';

/** The next page of a long list. */
export const loadMore: Command = {
  id: 'restorePoint.loadMore',
  async run(_, { target }) {
    if (target.row instanceof MoreNode) await target.row.load();
  },
};
