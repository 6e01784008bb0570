import { groupOf, placeOf } from './kinds';
import { NO_DATA, UNKNOWN_BYTES, UNKNOWN_ROWS, type Listing } from './listing';

/** A row of the tree: a group, or an entry with what is attached to it. */
export interface TreeNode {
  /** The same for the same thing, whatever is filtered or found later. */
  key: string;
  sort: 'database' | 'schema' | 'kind' | 'entry';
  /** Counts from 1. */
  level: number;
  /** Name or pg_dump's word; plain text. Empty for the group of what lies in no schema or database. */
  label: string;
  /** Index in the listing, -1 for groups. */
  entry: number;
  parent: TreeNode | null;
  children: TreeNode[];
  /** Place among its siblings, from 1. */
  position: number;
  /** How many they are. */
  siblings: number;
  /** Entries below that are not parts of others. */
  count: number;
  /** Data of all below as stored; `NO_DATA` or `UNKNOWN_BYTES`. */
  bytes: number;
  /** Of an entry; `UNKNOWN_ROWS` for groups. */
  rows: number;
  /** Entries below, itself included, and how many of them are ticked. */
  entries: number;
  ticked: number;
}

export interface TreeOptions {
  /** One level in restore order, or groups. */
  flat: boolean;
  sort: 'name' | 'size';
  /** Entries to show (1) or not (0); null shows all. */
  shown: Uint8Array | null;
}

export interface Tree {
  roots: TreeNode[];
  /** All nodes, every parent before its children. */
  nodes: TreeNode[];
  /** Largest `bytes` of an entry: what the bars are measured by. */
  largest: number;
}

/**
 * Puts the entries of a dump into groups: database (in cluster scripts), schema, kind. Parts (rows, comment, grants)
 * stand below what they belong to.
 *
 * @param owners which entry each entry is attached to, from `attachments`
 */
export function buildTree(listing: Listing, owners: Int32Array, options: TreeOptions): Tree {
  const builder = new Builder(listing, options);
  return options.flat ? builder.flat() : builder.grouped(owners);
}

class Builder {
  readonly #listing: Listing;
  readonly #options: TreeOptions;
  readonly #nodes: TreeNode[] = [];
  readonly #groups = new Map<string, TreeNode>();
  readonly #roots: TreeNode[] = [];

  constructor(listing: Listing, options: TreeOptions) {
    this.#listing = listing;
    this.#options = options;
  }

  flat(): Tree {
    for (let entry = 0; entry < this.#listing.length; entry++)
      if (this.#isShown(entry)) this.#entryNode(entry, null, 1);
    return this.#finish();
  }

  grouped(owners: Int32Array): Tree {
    const { length } = this.#listing;
    const parts = new Map<number, number[]>();
    const wanted = this.#options.shown?.slice() ?? null;
    for (let entry = 0; entry < length; entry++) {
      const owner = owners[entry]!;
      if (owner < 0) continue;
      // A part that fits brings what it belongs to; an owner that fits brings all its parts.
      if (wanted && this.#isShown(entry)) wanted[owner] = 1;
      if (!this.#isShown(entry) && !this.#isShown(owner)) continue;
      const list = parts.get(owner);
      if (list) list.push(entry);
      else parts.set(owner, [entry]);
    }
    for (let entry = 0; entry < length; entry++) {
      if (owners[entry]! >= 0 || (wanted && wanted[entry] === 0)) continue;
      const group = this.#groupOf(entry);
      const node = this.#entryNode(entry, group, group.level + 1);
      for (const part of parts.get(entry) ?? []) this.#entryNode(part, node, node.level + 1);
    }
    return this.#finish();
  }

  #isShown(entry: number): boolean {
    return this.#options.shown === null || this.#options.shown[entry] === 1;
  }

  #groupOf(entry: number): TreeNode {
    const database = this.#listing.database(entry);
    const schema = this.#listing.schema(entry);
    const kind = groupOf(this.#listing.kind(entry));
    const key = `k:${database}\0${schema}\0${kind}`;
    return this.#groups.get(key) ?? this.#group(key, 'kind', kind, this.#schemaOf(database, schema));
  }

  #schemaOf(database: string, schema: string): TreeNode {
    const key = `s:${database}\0${schema}`;
    const existing = this.#groups.get(key);
    if (existing) return existing;
    const parent = database === '' ? null : this.#databaseOf(database);
    return this.#group(key, 'schema', schema, parent);
  }

  #databaseOf(database: string): TreeNode {
    const key = `d:${database}`;
    return this.#groups.get(key) ?? this.#group(key, 'database', database, null);
  }

  #group(key: string, sort: TreeNode['sort'], label: string, parent: TreeNode | null): TreeNode {
    const node = this.#node(key, sort, label, -1, parent, parent ? parent.level + 1 : 1);
    this.#groups.set(key, node);
    return node;
  }

  #entryNode(entry: number, parent: TreeNode | null, level: number): TreeNode {
    const { ids, names, bytes, rows } = this.#listing;
    const node = this.#node(`e:${ids[entry]}`, 'entry', names[entry]!, entry, parent, level);
    node.entries = 1;
    node.count = parent?.sort === 'entry' ? 0 : 1;
    node.bytes = bytes[entry]!;
    node.rows = rows[entry]!;
    return node;
  }

  #node(
    key: string,
    sort: TreeNode['sort'],
    label: string,
    entry: number,
    parent: TreeNode | null,
    level: number,
  ): TreeNode {
    const node: TreeNode = {
      key,
      sort,
      level,
      label,
      entry,
      parent,
      children: [],
      position: 0,
      siblings: 0,
      count: 0,
      bytes: NO_DATA,
      rows: UNKNOWN_ROWS,
      entries: 0,
      ticked: 0,
    };
    (parent ? parent.children : this.#roots).push(node);
    this.#nodes.push(node);
    return node;
  }

  #finish(): Tree {
    let largest = 0;
    for (let at = this.#nodes.length - 1; at >= 0; at--) {
      const node = this.#nodes[at]!;
      const { parent } = node;
      if (node.sort === 'entry') largest = Math.max(largest, node.bytes);
      if (!parent) continue;
      parent.count += node.count;
      parent.entries += node.entries;
      parent.bytes = sum(parent.bytes, node.bytes);
      if (parent.sort === 'entry') parent.rows = Math.max(parent.rows, node.rows);
    }
    if (!this.#options.flat) {
      sortNodes(this.#roots, this.#options.sort);
      for (const node of this.#nodes)
        if (node.children.length > 1) sortNodes(node.children, this.#options.sort);
    }
    number(this.#roots);
    for (const node of this.#nodes) number(node.children);
    return { roots: this.#roots, nodes: this.#nodes, largest };
  }
}

/** Sum of sizes where one may be unknown or absent: what is known counts. */
function sum(a: number, b: number): number {
  if (a >= 0 && b >= 0) return a + b;
  if (a >= 0 || b >= 0) return Math.max(a, b);
  return a === UNKNOWN_BYTES || b === UNKNOWN_BYTES ? UNKNOWN_BYTES : NO_DATA;
}

function number(siblings: TreeNode[]): void {
  for (let at = 0; at < siblings.length; at++) {
    siblings[at]!.position = at + 1;
    siblings[at]!.siblings = siblings.length;
  }
}

/** Groups by their interest and name, entries by name or size; parts stay in restore order. */
function sortNodes(nodes: TreeNode[], by: 'name' | 'size'): void {
  const first = nodes[0];
  if (!first || first.parent?.sort === 'entry') return;
  const keys = new Map(nodes.map((node) => [node, node.label.toLowerCase()]));
  const byName = (a: TreeNode, b: TreeNode): number => {
    const [x, y] = [keys.get(a)!, keys.get(b)!];
    return x < y ? -1 : x > y ? 1 : 0;
  };
  nodes.sort((a, b) => {
    if (a.sort === 'kind') return placeOf(a.label) - placeOf(b.label) || byName(a, b);
    // What lies in no schema, or in no database, comes last.
    if ((a.label === '') !== (b.label === '') && a.sort !== 'entry') return a.label === '' ? 1 : -1;
    return (by === 'size' ? b.bytes - a.bytes : 0) || byName(a, b);
  });
}

/** The rows of the tree from top to bottom, as far as they are expanded. */
export function visibleNodes(tree: Tree, isExpanded: (node: TreeNode) => boolean): TreeNode[] {
  const visible: TreeNode[] = [];
  const stack: { nodes: TreeNode[]; at: number }[] = [{ nodes: tree.roots, at: 0 }];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const node = top.nodes[top.at++];
    if (!node) {
      stack.pop();
      continue;
    }
    visible.push(node);
    if (node.children.length > 0 && isExpanded(node)) stack.push({ nodes: node.children, at: 0 });
  }
  return visible;
}

/** Entries below a node, itself included. */
export function entriesOf(node: TreeNode): number[] {
  const entries: number[] = [];
  const stack = [node];
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (next.entry >= 0) entries.push(next.entry);
    for (const child of next.children) stack.push(child);
  }
  return entries;
}

/** Fills `ticked` of every node. */
export function countTicks(tree: Tree, listing: Listing, ticks: ReadonlySet<number>): void {
  for (const node of tree.nodes) node.ticked = node.entry >= 0 && ticks.has(listing.ids[node.entry]!) ? 1 : 0;
  for (let at = tree.nodes.length - 1; at >= 0; at--) {
    const node = tree.nodes[at]!;
    if (node.parent) node.parent.ticked += node.ticked;
  }
}
