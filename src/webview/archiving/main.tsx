import { render } from 'preact';
import type { ArchivingHost, ArchivingPage } from '../../shared/archivingPage';
import { Failure } from '../components/notice';
import { factsOf } from '../components/useCall';
import { connectHost } from '../host';
import { ArchivingPageView, type ArchivingProps } from './archivingView';
import '../components/page.css';
import '../components/form.css';
import '../components/panes.css';
import '../components/plan/plan.css';
import './archiving.css';

const root = document.getElementById('root')!;
/** What is shown; nothing before the host has told what there is. */
let shown: Omit<ArchivingProps, 'host' | 'onShown'> | null = null;

const host = connectHost<ArchivingPage, ArchivingHost>({
  changed: (next) => show({ shown: next }),
  testing: (testing) => show({ testing }),
});

function show(parts: Partial<ArchivingProps>): void {
  if (!shown) return;
  shown = { ...shown, ...parts };
  render(<ArchivingPageView {...shown} host={host} onShown={(next) => show({ shown: next })} />, root);
}

host.call('ready', null).then(
  (first) => {
    shown = { ...first, testing: '' };
    show({});
  },
  (error: unknown) => {
    const facts = factsOf(error);
    if (facts) render(<Failure error={facts} />, root);
  },
);
