import { useEffect, useRef, useState } from 'preact/hooks';
import type { LargeObject } from '../../shared/contentsPage';
import type { ErrorFacts } from '../../shared/rpc';
import { bytesText } from '../../shared/bytes';
import { visibleText } from '../../shared/visibleText';
import { ListBox } from '../components/listBox';
import { Busy, Empty, Failure } from '../components/notice';
import { countText, fill, Icon, Name } from '../components/text';
import { factsOf } from '../components/useCall';
import type { Surroundings } from './calls';
import { Preview } from './largeObjectPreview';

const piece = 500;

/** All large objects of the dump, with a look at each. */
export function LargeObjectsTab(surroundings: Surroundings) {
  const { host, texts, locale } = surroundings;
  const [objects, setObjects] = useState<LargeObject[]>([]);
  const [total, setTotal] = useState<number | null>(null);
  const [ended, setEnded] = useState(false);
  const [error, setError] = useState<ErrorFacts | null>(null);
  const [chosen, setChosen] = useState(-1);
  const asking = useRef<AbortController | null>(null);
  const more = (): void => {
    if (asking.current || ended || error) return;
    const controller = (asking.current = new AbortController());
    host
      .call('largeObjects', { from: objects.length, count: piece }, controller.signal)
      .then((got) => {
        setObjects((before) => [...before, ...got.objects]);
        setTotal(got.total);
        setEnded(got.objects.length === 0 || objects.length + got.objects.length === got.total);
      })
      .catch((failure: unknown) => setError(factsOf(failure)))
      .finally(() => (asking.current = null));
  };
  useEffect(() => {
    more();
    return () => asking.current?.abort();
  }, []);
  if (objects.length === 0 && !error)
    return ended ? <Empty text={texts.noLargeObjects} /> : <Busy text={texts.loading} />;
  const object = objects[chosen];
  const count = countText(ended ? objects.length : (total ?? objects.length), locale);
  return (
    <div class="large-objects">
      {error && (
        <Failure error={error}>
          <button type="button" onClick={() => setError(null)}>
            {texts.again}
          </button>
        </Failure>
      )}
      <p class="muted" role="status">
        {ended || total !== null ? count : fill(texts.largeObjectsSoFar, count)}
      </p>
      <ListBox
        id="large-objects"
        label={texts.largeObjects}
        count={objects.length}
        selected={chosen}
        row={(index) => <ObjectLine object={objects[index]!} />}
        rowLabel={(index) => objectLabel(objects[index]!, texts.largeObject)}
        onOpen={setChosen}
        onSeen={(_, end) => {
          if (end >= objects.length) queueMicrotask(more);
        }}
      />
      {object && <Preview key={object.oid} object={object} {...surroundings} />}
    </div>
  );
}

function ObjectLine({ object }: { object: LargeObject }) {
  return (
    <>
      <Icon name="file-binary" />
      <span class="number">{object.oid}</span>
      <span class="label muted">{object.comment !== null && <Name text={object.comment} />}</span>
      {object.owner !== null && (
        <span class="muted">
          <Name text={object.owner} />
        </span>
      )}
      <span class="number size">{object.bytes === null ? '?' : bytesText(object.bytes)}</span>
    </>
  );
}

function objectLabel({ oid, bytes, owner, comment }: LargeObject, name: string): string {
  const facts = [fill(name, oid), bytes === null ? '' : bytesText(bytes), owner ?? '', comment ?? ''];
  return visibleText(facts.filter(Boolean).join(', '));
}
