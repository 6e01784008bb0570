/**
 * Moves through the items of an open menu: arrows, Home, End, first letters. Escape and Tab leave it; `close` tells
 * whether the focus goes back to where it was.
 */
export function menuKey(event: KeyboardEvent, items: HTMLElement[], close: (back: boolean) => void): void {
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === 'Tab') return close(false);
  if (event.key === 'Escape') close(true);
  else if (to !== undefined) items[(to + items.length) % items.length]?.focus();
  else if (event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey) {
    const typed = event.key.toLowerCase();
    [...items.slice(at + 1), ...items.slice(0, at + 1)]
      .find((item) => item.textContent?.trim().toLowerCase().startsWith(typed))
      ?.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}
