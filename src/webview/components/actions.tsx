import { Menu, MenuItem } from './menu';
import { Icon } from './text';

/** What a page's head offers. */
interface Action<Id> {
  id: Id;
  label: string;
  title?: string | undefined;
}

interface ButtonProps<Id> {
  action: Action<Id>;
  primary?: boolean;
  onAct(id: Id): void;
}

export function ActionButton<Id>({ action: { id, label, title }, primary = false, onAct }: ButtonProps<Id>) {
  return (
    <button type="button" class={primary ? 'primary' : ''} title={title} onClick={() => onAct(id)}>
      {label}
    </button>
  );
}

interface ItemsProps<Id> {
  actions: readonly Action<Id>[];
  onAct(id: Id): void;
}

/** Actions as items of a menu. */
export function ActionItems<Id extends string>({ actions, onAct }: ItemsProps<Id>) {
  return actions.map(({ id, label, title }) => (
    <MenuItem key={id} icon="blank" text={label} title={title} onChoose={() => onAct(id)} />
  ));
}

/** The menu of those that have no button; nothing where there are none. */
export function MoreActions<Id extends string>({ label, ...items }: ItemsProps<Id> & { label: string }) {
  if (items.actions.length === 0) return null;
  return (
    <Menu label={label} look="icon" face={<Icon name="ellipsis" />}>
      <ActionItems {...items} />
    </Menu>
  );
}
