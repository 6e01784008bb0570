import { tokens, type Token } from '../sql/tokens';

/** The definition of a function or procedure without the clauses (`SET name TO value`) of some settings of its own. */
export function withoutSettings(definition: string, settings: readonly string[]): string {
  const all = [...tokens(definition)];
  const is = (at: number, ...texts: string[]): boolean => texts.includes(all[at]?.text ?? '');
  let out = '';
  let kept = 0;
  for (let at = 0; at < all.length; at++) {
    // The body begins: what it sets is its own affair.
    if (all[at]!.type === 'word' && (is(at, 'begin') || (is(at, 'as') && all[at + 1]?.type === 'string')))
      break;
    if (all[at]!.type !== 'word' || !is(at, 'set')) continue;
    const { name, next } = nameAt(all, at + 1);
    if (!settings.includes(name)) continue;
    const end = is(next, 'from') ? next + 1 : endOfValues(all, next + 1);
    if (!is(next, '=', 'to', 'from') || !all[end]) continue;
    out += definition.slice(kept, all[at]!.start).replace(/\s+$/, '');
    kept = all[end].end;
    at = end;
  }
  return out + definition.slice(kept);
}

/** A setting's name, which may have parts: `shop.tenant`. */
function nameAt(all: readonly Token[], from: number): { name: string; next: number } {
  let name = all[from]?.text ?? '';
  let next = from + 1;
  for (; all[next]?.text === '.'; next += 2) name += `.${all[next + 1]?.text ?? ''}`;
  return { name: name.toLowerCase(), next };
}

/** The last token of `value, value, …`. */
function endOfValues(all: readonly Token[], from: number): number {
  let at = from;
  if (/^[-+]$/.test(all[at]?.text ?? '')) at++;
  return all[at + 1]?.text === ',' ? endOfValues(all, at + 2) : at;
}
