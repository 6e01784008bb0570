import { render } from 'preact';
import type { ContentsHost, ContentsPage } from '../../shared/contentsPage';
import { connectHost, keptState } from '../host';
import { Failure } from '../components/notice';
import { factsOf } from '../components/useCall';
import { ContentsView } from './contentsView';
import { Inbox } from './inbox';
import type { PageState } from './state';
import '../components/page.css';
import '../components/panes.css';
import './contents.css';

const root = document.getElementById('root')!;
const inbox = new Inbox();
const host = connectHost<ContentsPage, ContentsHost>(inbox.handlers);
const kept = keptState<PageState>();

host.call('ready', null).then(
  (first) =>
    render(<ContentsView {...first} host={host} inbox={inbox} watch={inbox.watch} kept={kept} />, root),
  (error: unknown) => {
    const facts = factsOf(error);
    if (facts) render(<Failure error={facts} />, root);
  },
);
