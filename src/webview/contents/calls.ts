import type { ContentsHost, ContentsPage } from '../../shared/contentsPage';
import type { ContentsTexts } from '../../shared/contentsTexts';
import type { Rpc } from '../../shared/rpc';

/** What the parts of the page may call: the host, with a signal to give up. */
export type Calls = Pick<Rpc<ContentsPage, ContentsHost>, 'call'>;

/** What every part of the page is given. */
export interface Surroundings {
  host: Calls;
  texts: ContentsTexts;
  /** For numbers: the editor's language. */
  locale: string;
  /** Hears how far a task is (`search 12`), as `ContentsPage.progress` tells it; returns how to stop hearing. */
  watch(task: string, hear: (fraction: number | null, text: string) => void): () => void;
}

/** The rows tab of one table: made anew (by `key`) when another table is chosen. */
export interface RowsTabProps extends Surroundings {
  /** The entry that holds the rows: `TABLE DATA`, or a statement that writes them. */
  entry: { id: number; schema: string; name: string; bytes: number; rows: number };
}
