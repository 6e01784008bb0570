import type { ContentsAction, ContentsHead } from '../../shared/contentsPage';
import type { ContentsTexts } from '../../shared/contentsTexts';
import { ActionButton, MoreActions } from '../components/actions';
import { Icon, Name } from '../components/text';
import { Warnings } from '../components/warnings';

interface Props {
  head: ContentsHead;
  texts: ContentsTexts;
  onAct(action: ContentsAction): void;
}

/** Buttons that stand beside the primary one; further ones are in a menu. */
const besides = 2;

const evidenceIcons = { good: 'verified-filled', bad: 'error', none: 'circle-slash' };

/** Where the dump came from, whether it is good, what to look out for and what can be done with it. */
export function Head({ head, texts, onAct }: Props) {
  return (
    <header class="head">
      <div class="head-line">
        <h1>
          <Name text={head.title} />
        </h1>
        <Actions actions={head.actions} texts={texts} onAct={onAct} />
      </div>
      {(head.facts.length > 0 || head.evidence) && (
        <dl class="head-facts">
          {head.facts.map(({ label, value, title }) => (
            <div key={label} title={title ?? label}>
              <dt class="unseen">{label}</dt>
              <dd>
                <Name text={value} />
              </dd>
            </div>
          ))}
          {head.evidence && (
            <div class={`evidence ${head.evidence.kind}`} title={head.evidence.title}>
              <dd>
                <Icon name={evidenceIcons[head.evidence.kind]} />
                {head.evidence.text}
              </dd>
            </div>
          )}
        </dl>
      )}
      <Warnings warnings={head.warnings} texts={texts} onAct={onAct} />
    </header>
  );
}

function Actions({ actions, texts, onAct }: { actions: ContentsHead['actions'] } & Omit<Props, 'head'>) {
  const primary = actions.find((action) => action.primary);
  const others = actions.filter((action) => action !== primary);
  const shown = [...(primary ? [primary] : []), ...others.slice(0, besides)];
  return (
    <div class="buttons" role="group" aria-label={texts.actions}>
      {shown.map((action) => (
        <ActionButton key={action.id} action={action} primary={action === primary} onAct={onAct} />
      ))}
      <MoreActions label={texts.actions} actions={others.slice(besides)} onAct={onAct} />
    </div>
  );
}
