import { render } from 'preact';
import type { HistoryHost, HistoryPage } from '../../shared/historyPage';
import { Failure } from '../components/notice';
import { factsOf } from '../components/useCall';
import { connectHost } from '../host';
import { HistoryPageView, type HistoryProps } from './historyView';
import '../components/page.css';
import '../components/panes.css';
import './history.css';

const root = document.getElementById('root')!;
/** What is shown; nothing before the host has told what there is. */
let shown: Omit<HistoryProps, 'host'> | null = null;

const host = connectHost<HistoryPage, HistoryHost>({
  changed: (view) => show({ view }),
  reading: (reading) => show({ reading }),
});

function show(parts: Partial<HistoryProps>): void {
  if (!shown) return;
  shown = { ...shown, ...parts };
  render(<HistoryPageView {...shown} host={host} />, root);
}

host.call('ready', null).then(
  (first) => {
    shown = { ...first, reading: null };
    show({});
  },
  (error: unknown) => {
    const facts = factsOf(error);
    if (facts) render(<Failure error={facts} />, root);
  },
);
