import { useRef, useState } from 'preact/hooks';
import type {
  ArchivingHost,
  ArchivingPage,
  ArchivingShown,
  ArchivingTexts,
  ArchivingView,
} from '../../shared/archivingPage';
import type { ErrorFacts, Rpc } from '../../shared/rpc';
import { Busy, Failure } from '../components/notice';
import { Icon, Name } from '../components/text';
import { factsOf } from '../components/useCall';
import { ArchiveFolder } from './archiveFolder';
import { SetUp } from './setUp';
import { Lines, Notices, Slots } from './tables';

export interface ArchivingProps {
  shown: ArchivingShown;
  texts: ArchivingTexts;
  /** What a test does now. */
  testing: string;
  host: Pick<Rpc<ArchivingPage, ArchivingHost>, 'call'>;
  onShown(next: ArchivingShown): void;
}

const icons: Record<ArchivingView['level'], string> = {
  ok: 'pass',
  info: 'info',
  warning: 'warning',
  error: 'error',
};

/** How a server archives its WAL: the state in words, what to change, a test, slots, and the archive itself. */
export function ArchivingPageView({ shown, texts, testing, host, onShown }: ArchivingProps) {
  const { view, title, place, receiving } = shown;
  const [failure, setFailure] = useState<ErrorFacts | null>(null);
  const [tested, setTested] = useState('');
  const [busy, setBusy] = useState<'test' | 'other' | null>(null);
  const test = useRef<AbortController | null>(null);
  const attempt = async (work: () => Promise<ArchivingShown | void>): Promise<void> => {
    setFailure(null);
    setBusy('other');
    try {
      const next = await work();
      if (next) onShown(next);
    } catch (error) {
      setFailure(factsOf(error));
    } finally {
      setBusy(null);
    }
  };
  const runTest = async (): Promise<void> => {
    setFailure(null);
    setTested('');
    setBusy('test');
    test.current = new AbortController();
    try {
      setTested(await host.call('test', null, test.current.signal));
    } catch (error) {
      setFailure(factsOf(error));
    } finally {
      setBusy(null);
    }
  };
  return (
    <main class="archiving">
      <header>
        <div>
          <h1>
            <Name text={title} />
          </h1>
          <p class="muted">{place}</p>
        </div>
        <div class="actions">
          <button
            type="button"
            class={view.canTest ? 'primary' : ''}
            disabled={!view.canTest || busy !== null}
            onClick={() => void runTest()}
          >
            <Icon name="beaker" />
            {texts.test}
          </button>
          <button
            type="button"
            disabled={busy !== null}
            onClick={() => void attempt(() => host.call('receive', null))}
          >
            {texts.receive}
          </button>
          <button
            type="button"
            class="icon"
            title={texts.refresh}
            aria-label={texts.refresh}
            onClick={() => void attempt(() => host.call('refresh', null))}
          >
            <Icon name="refresh" />
          </button>
        </div>
      </header>
      <p class={`condition ${view.level}`}>
        <Icon name={icons[view.level]} />
        <span>{view.text}</span>
      </p>
      {busy === 'test' && (
        <div class="testing">
          <Busy text={testing || texts.testing} />
          <button type="button" onClick={() => test.current?.abort()}>
            {texts.cancel}
          </button>
        </div>
      )}
      {tested && (
        <p class="tested" role="status">
          <Icon name="pass" />
          <span>{tested}</span>
        </p>
      )}
      {failure && <Failure error={failure} />}
      <Notices notices={view.notices} texts={texts} />
      {receiving.map(({ job, what }) => (
        <section key={job} class="receiving" aria-label={texts.receiving}>
          <Icon name="loading codicon-modifier-spin" />
          <span>
            {texts.receiving}
            {what && ` · ${what}`}
          </span>
          <button type="button" onClick={() => void host.call('showJob', job)}>
            {texts.showLog}
          </button>
          <button type="button" onClick={() => void host.call('stopJob', job)}>
            {texts.stop}
          </button>
        </section>
      ))}
      <div class="columns">
        <section aria-label={texts.archiver}>
          <h2>{texts.archiver}</h2>
          <Lines lines={view.facts} />
        </section>
        <ArchiveFolder
          shown={shown}
          texts={texts}
          disabled={busy !== null}
          onFolder={(path) => void attempt(() => host.call('useFolder', path))}
          onBrowse={() => void attempt(() => host.call('browse', null))}
        />
      </div>
      <SetUp
        shown={shown}
        texts={texts}
        disabled={busy !== null}
        onSetUp={() => void attempt(() => host.call('setUp', null))}
        onCommand={(command) => void attempt(() => host.call('useCommand', command))}
        onCopy={(text) => host.call('copy', text)}
      />
      <section aria-label={texts.slots}>
        <h2>{texts.slots}</h2>
        <Slots slots={view.slots} texts={texts} />
      </section>
    </main>
  );
}
