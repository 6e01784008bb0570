import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { menuKey } from './menuKeys';

interface Props {
  label: string;
  /** A place on the screen; the menu keeps inside the window. */
  at: { x: number; y: number };
  /** Items: elements of `MenuItem`. */
  children: ComponentChildren;
  onClose(): void;
}

/** A menu at a place: it takes the focus, and whoever opened it takes it back when it closes. */
export function ContextMenu({ label, at, children, onClose }: Props) {
  const menu = useRef<HTMLDivElement>(null);
  const items = (): HTMLElement[] => [...menu.current!.querySelectorAll<HTMLElement>('.menu-item')];
  useLayoutEffect(() => {
    const { style, offsetWidth, offsetHeight } = menu.current!;
    style.left = `${Math.max(4, Math.min(at.x, window.innerWidth - offsetWidth - 4))}px`;
    style.top = `${Math.max(4, Math.min(at.y, window.innerHeight - offsetHeight - 4))}px`;
    items()[0]?.focus();
    const away = (event: Event): void => {
      if (!menu.current?.contains(event.target as Node)) onClose();
    };
    document.addEventListener('pointerdown', away);
    window.addEventListener('blur', onClose);
    return () => {
      document.removeEventListener('pointerdown', away);
      window.removeEventListener('blur', onClose);
    };
  }, []);
  return (
    <div
      ref={menu}
      class="menu context-menu"
      role="menu"
      aria-label={label}
      onKeyDown={(event) => menuKey(event, items(), onClose)}
      onContextMenu={(event) => event.preventDefault()}
    >
      {children}
    </div>
  );
}
