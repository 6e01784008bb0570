import type { BaseBackupAction, BaseBackupHead, BaseBackupTexts } from '../../shared/baseBackupPage';
import { ActionButton, ActionItems, MoreActions } from '../components/actions';
import { Menu } from '../components/menu';
import { Icon, Name } from '../components/text';
import { Warnings } from '../components/warnings';

interface Props {
  head: BaseBackupHead;
  texts: BaseBackupTexts;
  onAct(action: BaseBackupAction): void;
}

const evidenceIcons = { good: 'verified-filled', bad: 'error', none: 'circle-slash' };
const verifying: BaseBackupAction[] = ['verifyChecksum', 'verifyContents'];
/** Beside the primary button and the menu of verifying. */
const shownToo: BaseBackupAction[] = ['rehearse'];

/** What the backup is of, whether it is good, what to look out for and what can be done with it. */
export function Head({ head, texts, onAct }: Props) {
  return (
    <header class="head">
      <div class="head-line">
        <h1>
          <Name text={head.title} />
        </h1>
        <Actions actions={head.actions} texts={texts} onAct={onAct} />
      </div>
      <dl class="head-facts">
        {head.facts.map(({ label, value, title }) => (
          <div key={label} title={title ?? label}>
            <dt>{label}</dt>
            <dd>
              <Name text={value} />
            </dd>
          </div>
        ))}
      </dl>
      <p class={`evidence ${head.evidence.kind}`} title={head.evidence.title}>
        <Icon name={evidenceIcons[head.evidence.kind]} />
        {head.evidence.text}
      </p>
      <Warnings warnings={head.warnings} texts={texts} />
    </header>
  );
}

function Actions({ actions, texts, onAct }: Pick<BaseBackupHead, 'actions'> & Omit<Props, 'head'>) {
  const [primary] = actions;
  const verify = actions.filter(({ id }) => verifying.includes(id));
  const beside = actions.filter(({ id }) => shownToo.includes(id));
  const others = actions.filter((one) => one !== primary && !verify.includes(one) && !beside.includes(one));
  return (
    <div class="buttons" role="group" aria-label={texts.actions}>
      {primary && <ActionButton action={primary} primary onAct={onAct} />}
      {verify.length > 0 && (
        <Menu
          label={texts.verify}
          look="verify"
          face={
            <>
              {texts.verify}
              <Icon name="chevron-down" />
            </>
          }
        >
          <ActionItems actions={verify} onAct={onAct} />
        </Menu>
      )}
      {beside.map((action) => (
        <ActionButton key={action.id} action={action} onAct={onAct} />
      ))}
      <MoreActions label={texts.actions} actions={others} onAct={onAct} />
    </div>
  );
}
