import { useMemo, useRef } from 'preact/hooks';
import { sqlTokens, type SqlToken } from '../../shared/sqlTokens';
import { visibleText } from '../../shared/visibleText';
import { useRowWindow } from '../components/rowWindow';

/** Longer texts are drawn by what is seen of them; shorter ones wholly, so that they can be selected and read out. */
const drawnWhole = 1500;
/** Characters of a line that are drawn. */
const longestLine = 10_000;

interface Props {
  sql: string;
  label: string;
  /** Whether it is SQL, and coloured. */
  coloured?: boolean;
}

/** SQL with colours, as text: nothing in it is ever markup, and what cannot be seen is shown as signs. */
export function SqlView({ sql, label, coloured = true }: Props) {
  const { lines, tokens } = useMemo(() => {
    const text = sql.replace(/\s+$/, '');
    return { lines: linesOf(text), tokens: coloured ? sqlTokens(text) : [] };
  }, [sql, coloured]);
  const line = (index: number) => <Line text={sql} {...lines[index]!} tokens={tokens} />;
  if (lines.length > drawnWhole) return <LongView label={label} lines={lines} line={line} />;
  return (
    <pre class="sql" role="group" aria-label={label} tabIndex={0}>
      {lines.map((_, index) => (
        <div key={index} class="line">
          {line(index)}
        </div>
      ))}
    </pre>
  );
}

interface LineRange {
  from: number;
  to: number;
}

function LongView({
  label,
  lines,
  line,
}: {
  label: string;
  lines: LineRange[];
  line: (index: number) => preact.ComponentChild;
}) {
  const view = useRef<HTMLPreElement>(null);
  const height = useMemo(lineHeight, []);
  const seen = useRowWindow(view, lines.length, height);
  const longest = useMemo(
    () =>
      Math.min(
        longestLine,
        lines.reduce((most, { from, to }) => Math.max(most, to - from), 0),
      ),
    [lines],
  );
  const drawn = [];
  for (let index = seen.first; index < seen.end; index++)
    drawn.push(
      <div key={index} class="line" style={{ top: `${index * height}px`, height: `${height}px` }}>
        {line(index)}
      </div>,
    );
  return (
    <pre class="sql long" role="group" aria-label={label} tabIndex={0} ref={view}>
      <div style={{ height: `${lines.length * height}px`, width: `${longest}ch` }}>{drawn}</div>
    </pre>
  );
}

function Line({ text, from, to, tokens }: LineRange & { text: string; tokens: SqlToken[] }) {
  const end = Math.min(to, from + longestLine);
  const parts = [];
  let at = from;
  for (let index = firstAfter(tokens, from); index < tokens.length; index++) {
    const token = tokens[index]!;
    if (token.from >= end) break;
    const [a, b] = [Math.max(at, token.from), Math.min(end, token.to)];
    if (a > at) parts.push(shown(text.slice(at, a)));
    parts.push(
      <span key={a} class={`t-${token.type}`}>
        {shown(text.slice(a, b))}
      </span>,
    );
    at = b;
  }
  parts.push(shown(text.slice(at, end)));
  if (end < to) parts.push(<span class="sign">…</span>);
  return <>{parts}</>;
}

/** Blanks and tabs make the look of code; all else that cannot be seen, or turns the direction, is shown. */
function shown(text: string): string {
  return text.replace(/(?!\t)[\p{Cc}\p{Cf}\p{Cs}]/gu, visibleText);
}

/** Index of the first token that ends behind a place. */
function firstAfter(tokens: SqlToken[], place: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[middle]!.to <= place) low = middle + 1;
    else high = middle;
  }
  return low;
}

function linesOf(text: string): LineRange[] {
  const lines: LineRange[] = [];
  for (let from = 0; from <= text.length;) {
    const feed = text.indexOf('\n', from);
    const end = feed < 0 ? text.length : feed;
    lines.push({ from, to: text[end - 1] === '\r' && end > from ? end - 1 : end });
    if (feed < 0) break;
    from = feed + 1;
  }
  return lines;
}

/** Pixels; in the editor's font size, as the style sheet has it. */
function lineHeight(): number {
  const size = window
    .getComputedStyle(document.documentElement)
    .getPropertyValue('--vscode-editor-font-size');
  return Math.round((Number.parseFloat(size) || 13) * 1.5);
}
