import { useMemo, useRef, useState } from 'preact/hooks';
import type { Change, DifferenceQuery, Direction, TableCompared, TickedRows } from '../../shared/comparePage';
import { Busy, Empty, Failure } from '../components/notice';
import { useRowWindow } from '../components/rowWindow';
import { countText, fill, Icon, Name } from '../components/text';
import type { PageProps } from './compareView';
import { DifferenceRow } from './differenceRow';
import { shownColumns, signs } from './model';
import { usePages } from './pages';
import { TakeBar } from './takeBar';

interface Props extends PageProps {
  index: number;
  table: TableCompared;
  sideBySide: boolean;
  onSideBySide(on: boolean): void;
}

const LINE = 24;
const allChanges: Change[] = ['added', 'removed', 'changed'];

/** The differences of one table: only those in sight are there, whatever their number. */
export function RowsTab(props: Props) {
  const { index, table, texts, locale, host } = props;
  const [changes, setChanges] = useState<Change[]>(allChanges);
  const [column, setColumn] = useState(-1);
  const [text, setText] = useState('');
  const [sideBySide, setSideBySide] = useState(props.sideBySide);
  const [active, setActive] = useState({ row: 0, column: 0 });
  const [ticked, setTicked] = useState<ReadonlySet<number>>(new Set());
  const [allTicked, setAllTicked] = useState(false);
  const query: DifferenceQuery = {
    ...(changes.length < allChanges.length ? { changes } : {}),
    ...(column >= 0 ? { column } : {}),
    ...(text ? { text } : {}),
  };
  const order = useMemo(() => shownColumns(table), [table]);
  const body = useRef<HTMLDivElement>(null);
  const known = useRef(table.kept);
  const height = sideBySide ? LINE * 2 : LINE;
  const window = useRowWindow(body, known.current, height);
  const pages = usePages(host, index, query, window.first, window.end);
  known.current = pages.total ?? known.current;
  const total = known.current;

  const refilter = (change: () => void): void => {
    change();
    setActive({ row: 0, column: active.column });
    setTicked(new Set());
    setAllTicked(false);
    body.current?.scrollTo({ top: 0 });
  };
  const go = (row: number, to = active.column): void => {
    const next = Math.max(0, Math.min(total - 1, row));
    setActive({ row: next, column: Math.max(0, Math.min(table.columns.length - 1, to)) });
    window.show(next);
  };
  const tick = (row: number): void => {
    const at = pages.row(row)?.at;
    if (at === undefined) return;
    const next = new Set(ticked);
    if (!next.delete(at)) next.add(at);
    setAllTicked(false);
    setTicked(next);
  };
  const open = (): void => {
    const found = pages.row(active.row);
    if (found) void host.call('openValue', { table: index, at: found.at, column: order[active.column] ?? 0 });
  };
  const onKey = (event: KeyboardEvent): void => {
    const { row, column: at } = active;
    const moves: Record<string, () => void> = {
      ArrowDown: () => go(row + 1),
      ArrowUp: () => go(row - 1),
      ArrowRight: () => go(row, at + 1),
      ArrowLeft: () => go(row, at - 1),
      PageDown: () => go(row + window.page),
      PageUp: () => go(row - window.page),
      Home: () => go(event.ctrlKey ? 0 : row, 0),
      End: () => go(event.ctrlKey ? total - 1 : row, table.columns.length - 1),
      F7: () => go(event.shiftKey ? row - 1 : row + 1),
      ' ': () => tick(row),
      Enter: open,
    };
    const move = moves[event.key];
    if (!move || event.altKey) return;
    event.preventDefault();
    move();
  };
  const rows = (): TickedRows => ({
    table: index,
    rows: allTicked ? query : [...ticked].sort((a, b) => a - b),
  });
  const take = (direction: Direction): void =>
    void host.call('take', { rows: [rows()], objects: [], direction });
  const count = allTicked ? total : ticked.size;
  return (
    <div class="rows">
      <div class="tools">
        <div class="buttons" role="group" aria-label={texts.filter}>
          {allChanges.map((change) => (
            <button
              key={change}
              type="button"
              class="flat"
              aria-pressed={changes.includes(change)}
              onClick={() =>
                refilter(() =>
                  setChanges(
                    changes.includes(change)
                      ? changes.filter((one) => one !== change)
                      : allChanges.filter((one) => one === change || changes.includes(one)),
                  ),
                )
              }
            >
              {signs[change]} {texts.changes[change]} {countText(table[change] ?? 0, locale)}
            </button>
          ))}
        </div>
        <select
          aria-label={texts.everyColumn}
          value={column}
          onChange={({ currentTarget }) => refilter(() => setColumn(Number(currentTarget.value)))}
        >
          <option value={-1}>{texts.everyColumn}</option>
          {table.columns.map(({ name, changed }, at) => (
            <option key={name} value={at}>
              {changed > 0 ? `${name} (${countText(changed, locale)})` : name}
            </option>
          ))}
        </select>
        <input
          type="search"
          placeholder={texts.find}
          aria-label={texts.find}
          value={text}
          onChange={({ currentTarget }) => refilter(() => setText(currentTarget.value))}
        />
        <button
          type="button"
          aria-pressed={sideBySide}
          onClick={() => {
            setSideBySide(!sideBySide);
            props.onSideBySide(!sideBySide);
          }}
        >
          {sideBySide ? texts.inLine : texts.sideBySide}
        </button>
        <span class="gap" />
        <span class="places">
          <button
            type="button"
            class="icon"
            title={texts.previous}
            aria-label={texts.previous}
            onClick={() => go(active.row - 1)}
          >
            <Icon name="arrow-up" />
          </button>
          <span class="number" role="status">
            {fill(texts.place, countText(total === 0 ? 0 : active.row + 1, locale), countText(total, locale))}
          </span>
          <button
            type="button"
            class="icon"
            title={texts.next}
            aria-label={texts.next}
            onClick={() => go(active.row + 1)}
          >
            <Icon name="arrow-down" />
          </button>
        </span>
      </div>
      <div class="tools">
        <label>
          <input
            type="checkbox"
            checked={allTicked}
            disabled={total === 0}
            onChange={({ currentTarget }) => {
              setAllTicked(currentTarget.checked);
              setTicked(new Set());
            }}
          />
          {texts.tickAll}
        </label>
        <TakeBar {...props} count={count} onTake={take} />
        <button
          type="button"
          disabled={total === 0}
          onClick={() => void host.call('exportRows', count > 0 ? rows() : { table: index, rows: query })}
        >
          {texts.export}
        </button>
        {/^(?:none|chosen)$/.test(table.keyFrom) && (
          <button type="button" onClick={() => void host.call('chooseKey', index)}>
            {texts.chooseKey}
          </button>
        )}
        <span class="gap" />
        {table.notes.map((note) => (
          <span key={note} class="muted">
            <Name text={note} />
          </span>
        ))}
      </div>
      {pages.error && <Failure error={pages.error} />}
      {pages.total === null && !pages.error && <Busy text={texts.loading} />}
      {pages.total === 0 && <Empty text={texts.noneFits} />}
      <div
        class="grid"
        role="grid"
        tabIndex={0}
        ref={body}
        aria-label={fill(texts.rowsOf, table.name)}
        aria-rowcount={total + 1}
        aria-activedescendant={`difference-${active.row}`}
        onKeyDown={onKey}
        onDblClick={open}
      >
        <div class="line heads" role="row">
          <span class="mark" role="columnheader" />
          {order
            .map((at) => table.columns[at]!)
            .map(({ name, key, left, right }) => (
              <span key={name} class="cell" role="columnheader" title={name}>
                {key && <Icon name="key" />}
                <Name text={name} />
                {!(left && right) && table.state === 'different' && (
                  <span class="muted"> {left ? texts.onLeft : texts.onRight}</span>
                )}
              </span>
            ))}
        </div>
        <div class="space" style={{ height: `${total * height}px` }}>
          {Array.from({ length: Math.max(0, window.end - window.first) }, (_, at) => {
            const row = window.first + at;
            const found = pages.row(row);
            return (
              <DifferenceRow
                key={row}
                {...{ row, found, table, order, texts, sideBySide, locale }}
                top={row * height}
                ticked={allTicked || (found !== undefined && ticked.has(found.at))}
                active={active.row === row ? active.column : -1}
                onTick={() => tick(row)}
                onChoose={(cell) => setActive({ row, column: cell })}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}
