import type { RowsTabProps } from '../calls';

/** The rows of one table. */
export function RowsTab({ entry, texts }: RowsTabProps) {
  return <p class="muted">{texts.grid.label.replace('{0}', entry.name)}</p>;
}
