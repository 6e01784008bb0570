import { bytesText } from '../../shared/bytes';
import { visibleText } from '../../shared/visibleText';
import type { ContentsTexts } from '../../shared/contentsTexts';
import { countText, fill, Icon, Name } from '../components/text';
import { occurrences } from './model/filter';
import { iconOf } from './model/kinds';
import { UNKNOWN_BYTES, type Listing } from './model/listing';
import type { TreeNode } from './model/tree';

/** What the rows of the tree have in common. */
export interface RowLook {
  listing: Listing;
  texts: ContentsTexts;
  locale: string;
  /** Words of the filter. */
  words: string[];
  /** Largest size of an entry: a full bar. */
  largest: number;
  /** In restore order: schemas stand before names. */
  flat: boolean;
  /** Id of the chosen entry. */
  selected: number | null;
  /** Ids that what is ticked needs. */
  needed: ReadonlySet<number>;
  labelOf(node: TreeNode): string;
  /** Changes when `ticked` of the nodes did. */
  counted: object;
}

interface Props {
  node: TreeNode;
  top: number;
  active: boolean;
  expanded: boolean;
  look: RowLook;
  onTwist(): void;
  onTick(): void;
  onClick(): void;
}

const groupIcons = { database: 'database', schema: 'symbol-namespace', kind: '', entry: '' };

export function TreeRow({ node, top, active, expanded, look, onTwist, onTick, onClick }: Props) {
  const { listing, texts, locale } = look;
  const id = listing.ids[node.entry];
  const kind = node.entry >= 0 ? listing.kind(node.entry) : node.label;
  const label = look.labelOf(node);
  const isPart = node.parent?.sort === 'entry';
  const needed = id !== undefined && look.needed.has(id) && node.ticked === 0;
  const checked = node.ticked === 0 ? 'false' : node.ticked < node.entries ? 'mixed' : 'true';
  const size = sizeText(node, texts);
  const rows = node.rows >= 0 ? fill(texts.rowCount, countText(node.rows, locale)) : '';
  const count = node.sort === 'entry' ? '' : countText(node.count, locale);
  const said = [
    visibleText(label),
    isPart || look.flat ? kind : '',
    count && fill(texts.entriesShown, count),
    size,
    rows,
    needed ? texts.isNeeded : '',
  ];
  const stop = (act: () => void) => (event: Event) => {
    event.stopPropagation();
    act();
  };
  const hasChildren = node.children.length > 0;
  return (
    <div
      id={rowId(node)}
      class={`tree-row ${node.sort}${active ? ' active' : ''}${id !== undefined && id === look.selected ? ' selected' : ''}`}
      role="treeitem"
      aria-level={node.level}
      aria-setsize={node.siblings}
      aria-posinset={node.position}
      aria-expanded={hasChildren ? expanded : undefined}
      aria-selected={id !== undefined && id === look.selected}
      aria-checked={checked}
      aria-label={said.filter(Boolean).join(', ')}
      style={{ top: `${top}px`, paddingInlineStart: `${(node.level - 1) * 10 + 2}px` }}
      title={[visibleText(label), rows].filter(Boolean).join(' · ')}
      onClick={onClick}
    >
      <span
        class={`twistie codicon${hasChildren ? ` codicon-chevron-${expanded ? 'down' : 'right'}` : ''}`}
        onClick={hasChildren ? stop(onTwist) : undefined}
      />
      <span class={`tick ${checked}`} onClick={stop(onTick)}>
        {checked === 'true' && <Icon name="check" />}
        {checked === 'mixed' && <Icon name="dash" />}
      </span>
      {node.sort !== 'kind' && <Icon name={groupIcons[node.sort] || iconOf(kind)} />}
      <span class="line">
        <span class="named">
          <span class="label">
            {isPart ? (
              <>
                {kindName(kind, texts)} <span class="muted">{partDetail(node, label)}</span>
              </>
            ) : (
              <Name text={label} marks={node.entry >= 0 ? occurrences(label, look.words) : []} />
            )}
          </span>
          {count && <span class="muted number">{count}</span>}
          {look.flat && <span class="muted kind">{kind.toLowerCase()}</span>}
          {needed && <Icon name="link" />}
        </span>
        {rows && <span class="muted number rows">{rows}</span>}
        {rows && <span class="muted number rows short">{countText(node.rows, locale)}</span>}
      </span>
      {size && (
        <span class={node.bytes >= 0 ? 'number size' : 'muted number size'}>
          {node.bytes >= 0 ? size : '?'}
          {node.sort === 'entry' && node.bytes >= 0 && (
            <span
              class="bar"
              style={{ width: `${look.largest > 0 ? (node.bytes / look.largest) * 100 : 0}%` }}
            />
          )}
        </span>
      )}
    </div>
  );
}

function sizeText(node: TreeNode, texts: ContentsTexts): string {
  if (node.bytes === UNKNOWN_BYTES) return node.sort === 'entry' ? texts.unknownSize : '';
  return node.bytes >= 0 ? bytesText(node.bytes) : '';
}

/** A part is named by its kind; its name says more only where it is not its object's own. */
function partDetail(node: TreeNode, label: string): string {
  return label === node.parent?.label ? '' : visibleText(label);
}

export function kindName(kind: string, texts: ContentsTexts): string {
  return texts.kinds[kind] ?? kind;
}

/** Id of a row's element. */
export function rowId(node: TreeNode): string {
  return `node-${node.key.replace(/[^\w:]/g, (char) => `-${char.codePointAt(0)}-`)}`;
}
