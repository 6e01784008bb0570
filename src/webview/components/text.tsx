import { visiblePieces } from '../../shared/visibleText';

/** Fills `{0}`, `{1}`, … of a localised text. */
export function fill(text: string, ...values: (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (place, index: string) => String(values[Number(index)] ?? place));
}

/** A whole number in the reader's language: `1,204,113`. */
export function countText(value: number, locale: string): string {
  return value.toLocaleString(locale);
}

interface NameProps {
  text: string;
  /** Ranges of the text to mark as found. */
  marks?: [from: number, to: number][];
}

/** A name from the file as text: what cannot be seen is shown as signs, what was searched for is marked. */
export function Name({ text, marks = [] }: NameProps) {
  let at = 0;
  return (
    <>
      {visiblePieces(text).map((piece, index) => {
        if (piece.sign)
          return (
            <span key={index} class="sign">
              {piece.text}
            </span>
          );
        const from = text.indexOf(piece.text, at);
        at = from + piece.text.length;
        return <Marked key={index} text={piece.text} from={from} marks={marks} />;
      })}
    </>
  );
}

function Marked({ text, from, marks }: Required<NameProps> & { from: number }) {
  const parts = [];
  let at = 0;
  for (const [start, end] of marks) {
    const [a, b] = [Math.max(at, start - from), Math.min(text.length, end - from)];
    if (b <= a) continue;
    if (a > at) parts.push(text.slice(at, a));
    parts.push(<mark key={a}>{text.slice(a, b)}</mark>);
    at = b;
  }
  parts.push(text.slice(at));
  return <>{parts}</>;
}

export function Icon({ name }: { name: string }) {
  return <span class={`codicon codicon-${name}`} aria-hidden="true" />;
}
