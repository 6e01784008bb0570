import type { RowsTexts } from '../../../shared/rowsTexts';
import { ContextMenu } from '../../components/contextMenu';
import { MenuItem } from '../../components/menu';
import { fill } from '../../components/text';
import type { RowsSession } from './rowsSession';

interface Props {
  session: RowsSession;
  texts: RowsTexts;
  at: { x: number; y: number };
  onClose(): void;
  onFindInColumn(column: number): void;
}

/** What can be done with what is selected. */
export function SelectionMenu({ session, texts, at, onClose, onFindInColumn }: Props) {
  const { active, model } = session;
  const onCell = active.row >= 0;
  const item = (icon: string, text: string, run: () => void, detail?: string) => (
    <MenuItem
      key={text}
      icon={icon}
      text={text}
      detail={detail}
      onChoose={() => {
        onClose();
        run();
      }}
    />
  );
  return (
    <ContextMenu label={texts.menu} at={at} onClose={onClose}>
      {onCell && [
        item('copy', texts.copy, () => void session.copy('cells'), 'Ctrl+C'),
        item('copy', texts.copyWithHeaders, () => void session.copy('cells', true), 'Ctrl+Shift+C'),
        item('blank', fill(texts.copyAs, 'CSV'), () => void session.copy('csv', true)),
        item('blank', fill(texts.copyAs, 'COPY'), () => void session.copy('tsv')),
        item('blank', fill(texts.copyAs, 'JSON'), () => void session.copy('json')),
        item('blank', fill(texts.copyAs, 'SQL INSERT'), () => void session.copy('inserts')),
      ]}
      {item(onCell ? 'blank' : 'copy', texts.copyName, () => session.copyName())}
      {onCell && [
        item('history', texts.restoreRows, () => void session.restoreRows()),
        item('link-external', texts.openBeside, () => session.openValue(), 'Enter'),
        item('eye', texts.showHere, () => session.setPeek(true), 'Space'),
        item('blank', texts.selectRow, () => model.act({ do: 'select', what: 'row' }), 'Shift+Space'),
      ]}
      {item('blank', texts.selectColumn, () => model.act({ do: 'select', what: 'column' }), 'Ctrl+Space')}
      {item('blank', texts.fitColumn, () => session.fit(active.column), 'Alt+Enter')}
      {item('search', texts.findInColumn, () => onFindInColumn(active.column))}
    </ContextMenu>
  );
}
