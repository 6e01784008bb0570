import type {
  BaseBackupAction,
  BaseBackupHost,
  BaseBackupPage,
  BaseBackupTexts,
  BaseBackupView,
  Receipt,
} from '../../shared/baseBackupPage';
import type { Rpc } from '../../shared/rpc';
import { Busy, Failure } from '../components/notice';
import { Icon, Name } from '../components/text';
import { Bars } from './bars';
import { Chain } from './chain';
import { Head } from './head';

export interface BaseBackupProps {
  view: BaseBackupView;
  texts: BaseBackupTexts;
  locale: string;
  host: Rpc<BaseBackupPage, BaseBackupHost>;
}

const walIcons = { there: 'pass', archived: 'pass', missing: 'error', unknown: 'question' };

/** What is in a base backup: facts, its chain, what takes the room, the WAL it needs, and how its last rehearsal went. */
export function BaseBackupPageView({ view, texts, locale, host }: BaseBackupProps) {
  const { head, contents, problem, receipt } = view;
  const act = (action: BaseBackupAction): void => void host.call('act', action);
  const open = (path: string): void => void host.call('open', path);
  return (
    <div class="base-backup">
      <Head head={head} texts={texts} onAct={act} />
      <main>
        {problem && (
          <Failure error={problem}>
            <button type="button" onClick={() => act('refresh')}>
              {texts.refresh}
            </button>
          </Failure>
        )}
        {!contents && !problem && <Busy text={texts.reading} />}
        {contents && (
          <>
            <section aria-labelledby="chain">
              <h2 id="chain">{texts.chain}</h2>
              <Chain links={contents.chain} label={texts.chain} here={texts.here} onOpen={open} />
              <p class="muted">{contents.chainText}</p>
              {contents.children.length > 0 && (
                <>
                  <h3 class="sub">{texts.children}</h3>
                  <Chain
                    links={contents.children}
                    label={texts.children}
                    here={texts.here}
                    onOpen={open}
                    apart
                  />
                </>
              )}
            </section>
            <section aria-labelledby="wal">
              <h2 id="wal">{texts.wal}</h2>
              <p class={`wal ${contents.wal.state}`}>
                <Icon name={walIcons[contents.wal.state]} />
                {contents.wal.text}
              </p>
              {contents.wal.details.map((text) => (
                <p key={text} class="muted mono">
                  <Name text={text} />
                </p>
              ))}
              {contents.wal.choose !== '' && (
                <button type="button" class="link" onClick={() => act('chooseArchive')}>
                  {contents.wal.choose}
                </button>
              )}
            </section>
          </>
        )}
        {receipt && <ReceiptSection receipt={receipt} texts={texts} />}
        {contents && (
          <section aria-labelledby="room">
            <div class="pane-line">
              <h2 id="room">{texts.room}</h2>
              <span class="muted">{contents.unlisted ? texts.noManifest : contents.total}</span>
            </div>
            {(['databases', 'tablespaces', 'shared', 'largest'] as const).map((part) => (
              <Bars key={part} title={texts[part]} bars={contents[part]} texts={texts} locale={locale} />
            ))}
          </section>
        )}
      </main>
    </div>
  );
}

/** The measured recovery time, part by part: words, and the same as lengths. */
function ReceiptSection({ receipt, texts }: { receipt: Receipt; texts: BaseBackupTexts }) {
  const total = receipt.parts.reduce((sum, { ms }) => sum + ms, 0) || 1;
  return (
    <section aria-labelledby="receipt">
      <h2 id="receipt">{texts.receipt}</h2>
      <p>{receipt.text}</p>
      {receipt.parts.length > 0 && (
        <>
          <div class="parts" aria-hidden="true">
            {receipt.parts.map(({ label, ms }, index) => (
              <span key={label} class={`part p${index}`} style={{ flexGrow: Math.max(ms / total, 0.01) }} />
            ))}
          </div>
          <dl class="legend">
            {receipt.parts.map(({ label, time }, index) => (
              <div key={label}>
                <dt>
                  <span class={`part p${index}`} aria-hidden="true" />
                  {label}
                </dt>
                <dd class="number">{time}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      <ul class="checks">
        {receipt.checks.map(({ name, ok }) => (
          <li key={name} class={ok ? 'ok' : 'bad'}>
            <Icon name={ok ? 'pass' : 'error'} />
            <span class="unseen">{ok ? texts.passed : texts.failed}</span> <Name text={name} />
          </li>
        ))}
      </ul>
    </section>
  );
}
