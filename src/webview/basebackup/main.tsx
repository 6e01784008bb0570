import { render } from 'preact';
import type { BaseBackupHost, BaseBackupPage } from '../../shared/baseBackupPage';
import { Failure } from '../components/notice';
import { factsOf } from '../components/useCall';
import { connectHost } from '../host';
import { BaseBackupPageView, type BaseBackupProps } from './baseBackupView';
import '../components/page.css';
import '../components/panes.css';
import './basebackup.css';

const root = document.getElementById('root')!;
/** What is shown; nothing before the host has told what there is. */
let shown: Omit<BaseBackupProps, 'host'> | null = null;

const host = connectHost<BaseBackupPage, BaseBackupHost>({ changed: (view) => show({ view }) });

function show(parts: Partial<BaseBackupProps>): void {
  if (!shown) return;
  shown = { ...shown, ...parts };
  render(<BaseBackupPageView {...shown} host={host} />, root);
}

host.call('ready', null).then(
  (first) => {
    shown = first;
    show({});
  },
  (error: unknown) => {
    const facts = factsOf(error);
    if (facts) render(<Failure error={facts} />, root);
  },
);
