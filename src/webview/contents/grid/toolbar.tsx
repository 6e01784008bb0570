import type { ExportFormat } from '../../../shared/contentsPage';
import type { ContentsTexts } from '../../../shared/contentsTexts';
import { Menu, MenuItem } from '../../components/menu';
import { fill, Icon } from '../../components/text';
import type { RowsSession } from './rowsSession';

interface Props {
  session: RowsSession;
  texts: ContentsTexts;
  onFind(): void;
  onGoTo(): void;
  onOpenRows(): void;
}

/** Formats in the order they are offered, with the names they have everywhere. */
const formats: { format: ExportFormat; name: string }[] = [
  { format: 'csv', name: 'CSV' },
  { format: 'tsv', name: 'TSV' },
  { format: 'jsonl', name: 'JSON Lines' },
  { format: 'inserts', name: 'SQL INSERT' },
];

/** How many rows there are, and what can be done with them. */
export function Toolbar({ session, texts, onFind, onGoTo, onOpenRows }: Props) {
  const grid = texts.grid;
  const { rows, complete, estimate } = session.rows.known;
  const unsure = estimate !== null && estimate > rows ? grid.about : grid.atLeast;
  const most = Math.max(rows, Math.round(estimate ?? 0));
  const button = (text: string, icon: string, run: () => void) => (
    <button type="button" class="icon" title={text} aria-label={text} onClick={run}>
      <Icon name={icon} />
    </button>
  );
  return (
    <div class="rows-tools" role="toolbar" aria-label={grid.tools}>
      <span class="rows-count">
        {(complete || most > 0) && fill(complete ? grid.rows : unsure, session.number(most))}
      </span>
      {!complete && (
        <button type="button" class="flat" title={grid.counting} onClick={() => void session.count()}>
          {grid.count}
        </button>
      )}
      <span class="rows-space" />
      {button(grid.find, 'search', onFind)}
      {button(grid.goTo, 'list-ordered', onGoTo)}
      {button(texts.openRows, 'go-to-file', onOpenRows)}
      <Menu label={grid.export} face={<Icon name="export" />} look="icon">
        {formats.map(({ format, name }) => (
          <MenuItem
            key={format}
            icon="table"
            text={fill(grid.exportTable, name)}
            onChoose={() => void session.exportRows(format, false)}
          />
        ))}
        {session.finder.query &&
          formats.map(({ format, name }) => (
            <MenuItem
              key={`found ${format}`}
              icon="filter"
              text={fill(grid.exportFound, name)}
              onChoose={() => void session.exportRows(format, true)}
            />
          ))}
      </Menu>
    </div>
  );
}
