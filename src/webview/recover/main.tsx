import { render } from 'preact';
import { connectHost } from '../host';
import type { RecoverHost, RecoverPage } from '../../shared/recoverPage';
import { RecoverView } from './recoverView';
import '../components/page.css';
import '../components/form.css';
import '../components/panes.css';
import '../components/plan/plan.css';
import './recover.css';

const root = document.getElementById('root')!;
let first: Awaited<ReturnType<RecoverHost['ready']>> | undefined;

let share: number | null = null;
let changes = 0;

const host = connectHost<RecoverPage, RecoverHost>({
  scanned: (done) => {
    share = done;
    show();
  },
  stale: () => {
    changes++;
    show();
  },
});

function show(): void {
  if (first) render(<RecoverView {...{ host, first, share, changes }} />, root);
}

void host.call('ready', null).then((answer) => {
  first = answer;
  show();
});
