import type { ChainLink } from '../../shared/baseBackupPage';
import { Icon, Name } from '../components/text';

interface Props {
  links: ChainLink[];
  label: string;
  /** Said of the one that the page is about. */
  here: string;
  /** They do not need each other. */
  apart?: boolean;
  onOpen(path: string): void;
}

/** ◆ a full backup, ◇ one that needs others, ✗ one that is missing; arrows lead from what is needed to what needs it. */
const signs = { full: '◆', incremental: '◇', differential: '◇', missing: '✗' };

export function Chain({ links, label, here, apart = false, onOpen }: Props) {
  return (
    <ol class={`chain${apart ? ' apart' : ''}`} aria-label={label}>
      {links.map((link, index) => (
        <li key={`${index} ${link.path}`} class={`${link.kind}${link.here ? ' here' : ''}`}>
          {index > 0 && !apart && <Icon name="arrow-right" />}
          <div class="link-box" aria-current={link.here ? 'true' : undefined}>
            <p>
              <span class="chain-sign" aria-hidden="true">
                {signs[link.kind]}
              </span>
              {link.path !== null && !link.here ? (
                <button type="button" class="link" title={link.path} onClick={() => onOpen(link.path!)}>
                  {link.when}
                </button>
              ) : (
                <strong>
                  <Name text={link.when} />
                </strong>
              )}
            </p>
            <p class="muted">
              {link.word}
              {link.here && ` · ${here}`}
            </p>
            {link.detail && <p class="muted">{link.detail}</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}
