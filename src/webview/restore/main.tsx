import { render } from 'preact';
import { connectHost } from '../host';
import type { RestoreHost, RestorePage } from '../../shared/restorePage';
import { RestoreView } from './restoreView';
import '../components/page.css';
import '../components/form.css';
import '../components/plan/plan.css';
import './restore.css';

const root = document.getElementById('root')!;
let first: Awaited<ReturnType<RestoreHost['ready']>> | undefined;

const host = connectHost<RestorePage, RestoreHost>({
  ticked: (ticked) => show(ticked),
});

function show(ticked: Awaited<ReturnType<RestoreHost['ready']>>['subject']['ticked']): void {
  if (first) render(<RestoreView host={host} first={first} ticked={ticked} />, root);
}

void host.call('ready', null).then((answer) => {
  first = answer;
  show(answer.subject.ticked);
});
