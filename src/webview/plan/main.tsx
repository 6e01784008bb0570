import { render } from 'preact';
import { connectHost } from '../host';
import type { PlanHost, PlanPage } from '../../shared/planPage';
import { PlanView } from './planView';
import '../components/page.css';
import '../components/plan/plan.css';

const root = document.getElementById('root')!;
let texts: Awaited<ReturnType<PlanHost['ready']>>['texts'];

const host = connectHost<PlanPage, PlanHost>({
  show: (view) => show(view),
});

function show(view: Awaited<ReturnType<PlanHost['ready']>>['view']): void {
  render(
    <PlanView
      view={view}
      texts={texts}
      onRun={() => void host.call('run', null)}
      onCopy={(text) => host.call('copy', text)}
    />,
    root,
  );
}

void host.call('ready', null).then((first) => {
  texts = first.texts;
  show(first.view);
});
