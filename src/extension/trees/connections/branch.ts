import type { ErrorFacts } from '../../../engine/errors';
import { isQuiet } from '../../cancel';
import { factsOf } from '../../showError';
import type { Target } from '../../target';
import type { TreeItem, MarkdownString } from 'vscode';
import type { TreeNode } from '../node';
import { MoreNode } from './more';
import { ProblemNode } from './problem';

/** Rows read from a server at a time. */
export const pageSize = 500;

/** A page of rows; `after` is where the next one begins, absent at the end. */
export interface Page {
  nodes: TreeNode[];
  after?: string;
}

/**
 * A row whose children come from a server, page by page. They are remembered until `forget`, and a
 * failure is a row that says so.
 */
export abstract class Branch implements TreeNode {
  abstract readonly id: string;
  abstract readonly parent?: TreeNode;
  abstract readonly target: Target;
  /** Why the children could not be read the last time. */
  problem: ErrorFacts | undefined;
  readonly #nodes: TreeNode[] = [];
  #after: string | undefined;
  #first: Promise<void> | undefined;

  abstract item(): TreeItem;
  protected abstract page(after: string | undefined): Promise<Page>;
  /** Called when `problem` came or went: the row itself looks different. */
  protected abstract redraw(): void;
  tooltip?(): Promise<MarkdownString | string | undefined>;

  async children(): Promise<TreeNode[]> {
    this.#first ??= this.#load();
    await this.#first;
    const rows = [...this.#nodes];
    if (this.problem) rows.push(new ProblemNode(this, this.problem));
    else if (this.#after !== undefined)
      rows.push(
        new MoreNode(this, async () => {
          await this.#load();
          this.redraw();
        }),
      );
    return rows;
  }

  forget(): void {
    this.#first = undefined;
    this.#after = undefined;
    this.#nodes.length = 0;
  }

  async #load(): Promise<void> {
    const before = this.problem?.code;
    try {
      const { nodes, after } = await this.page(this.#after);
      this.#nodes.push(...nodes);
      this.#after = after;
      this.problem = undefined;
    } catch (error) {
      if (isQuiet(error)) return this.forget();
      this.problem = await factsOf(error);
    }
    if (this.problem?.code !== before) this.redraw();
  }
}
