import type { Direction } from '../../shared/comparePage';
import { countText, fill } from '../components/text';
import type { PageProps } from './compareView';

interface Props extends Pick<PageProps, 'view' | 'texts' | 'locale'> {
  count: number;
  onTake(direction: Direction): void;
}

/** What is ticked, and the two ways it can be taken. */
export function TakeBar({ view, texts, locale, count, onTake }: Props) {
  const titles = [view.left.title, view.right.title] as const;
  return (
    <div class="take" role="group" aria-label={fill(texts.ticked, countText(count, locale))}>
      <span class="muted" role="status">
        {fill(texts.ticked, countText(count, locale))}
      </span>
      <button
        type="button"
        class="primary"
        disabled={count === 0}
        title={fill(texts.takeBackHint, ...titles)}
        onClick={() => onTake('toLeft')}
      >
        {texts.takeBack}
      </button>
      <button
        type="button"
        disabled={count === 0}
        title={fill(texts.takeOverHint, ...titles)}
        onClick={() => onTake('toRight')}
      >
        {texts.takeOver}
      </button>
    </div>
  );
}
