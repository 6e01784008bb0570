import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { menuKey } from './menuKeys';
import { Icon, Name } from './text';

interface MenuProps {
  label: string;
  /** What the button shows. */
  face: ComponentChildren;
  /** Classes of the button. */
  look: string;
  /** Items: elements of `MenuItem`. */
  children: ComponentChildren;
}

/** A button with a menu below it: arrows, Home, End and first letters go through it, Escape and Tab leave. */
export function Menu({ label, face, look, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const items = (): HTMLElement[] => [...root.current!.querySelectorAll<HTMLElement>('.menu-item')];
  useEffect(() => {
    if (!open) return;
    items()[0]?.focus();
    const away = (event: Event): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [open]);
  const close = (): void => {
    setOpen(false);
    root.current?.querySelector('button')?.focus();
  };
  const key = (event: KeyboardEvent): void => {
    if (!open) return;
    menuKey(event, items(), (back) => (back ? close() : setOpen(false)));
  };
  return (
    <div class="menu-root" ref={root} onKeyDown={key}>
      <button
        type="button"
        class={look}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={label}
        title={label}
        onClick={() => setOpen(!open)}
      >
        {face}
      </button>
      {open && (
        <div class="menu" role="menu" aria-label={label}>
          {children}
        </div>
      )}
    </div>
  );
}

interface ItemProps {
  icon: string;
  text: string;
  /** Shown at the end. */
  detail?: string;
  /** Of an item that is ticked and not just chosen. */
  checked?: boolean;
  title?: string;
  onChoose(): void;
}

export function MenuItem({ icon, text, detail, checked, title, onChoose }: ItemProps) {
  return (
    <div
      class="menu-item"
      role={checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
      aria-checked={checked}
      tabIndex={-1}
      title={title}
      onClick={onChoose}
      onKeyDown={(event) => {
        if (event.key !== ' ' && event.key !== 'Enter') return;
        event.preventDefault();
        onChoose();
      }}
    >
      <Icon name={icon} />
      <span class="menu-text">
        <Name text={text} />
      </span>
      {detail !== undefined && <span class="muted">{detail}</span>}
    </div>
  );
}

interface ChoicesProps {
  label: string;
  choices: { word: string; text: string; detail: string }[];
  chosen: string[];
  /** Item that takes all ticks away. */
  none: string;
  onChange(chosen: string[]): void;
}

/** A menu of choices to tick; none ticked means all. */
export function Choices({ label, choices, chosen, none, onChange }: ChoicesProps) {
  const face = (
    <>
      {label}
      {chosen.length > 0 && <span class="badge">{chosen.length}</span>}
      <Icon name="chevron-down" />
    </>
  );
  return (
    <Menu
      label={chosen.length > 0 ? `${label}: ${chosen.length}` : label}
      face={face}
      look={chosen.length > 0 ? 'flat chosen' : 'flat'}
    >
      {chosen.length > 0 && <MenuItem icon="clear-all" text={none} onChoose={() => onChange([])} />}
      {choices.map(({ word, text, detail }) => {
        const checked = chosen.includes(word);
        return (
          <MenuItem
            key={word}
            icon={checked ? 'check' : 'blank'}
            checked={checked}
            text={text}
            detail={detail}
            onChoose={() => onChange(checked ? chosen.filter((one) => one !== word) : [...chosen, word])}
          />
        );
      })}
    </Menu>
  );
}
