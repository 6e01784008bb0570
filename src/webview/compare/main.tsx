import { render } from 'preact';
import type { CompareHost, ComparePage, ComparisonHead, ComparisonView } from '../../shared/comparePage';
import { Failure } from '../components/notice';
import { factsOf } from '../components/useCall';
import { connectHost, keptState } from '../host';
import { CompareView, type KeptView } from './compareView';
import { Running } from './running';
import '../components/page.css';
import './compare.css';

type First = ReturnType<CompareHost['ready']>;

const root = document.getElementById('root')!;
const kept = keptState<KeptView>();
let first: First | null = null;
/** It may be said before the answer is here that was given while the job still ran. */
let ended = false;
const host = connectHost<ComparePage, CompareHost>({
  progress(running) {
    ended = false;
    if (first?.running) void show({ ...first, running });
  },
  ended() {
    ended = true;
    if (first?.running) look();
  },
});

function look(): void {
  host
    .call('ready', null)
    .then(show)
    .catch((error: unknown) => {
      const facts = factsOf(error);
      if (facts) render(<Failure error={facts} />, root);
    });
}

async function show(next: First): Promise<void> {
  first = next;
  const { view, running, ...page } = next;
  if (view) render(<CompareView {...page} view={await whole(view)} host={host} kept={kept} />, root);
  else if (running && ended) look();
  else if (running) render(<Running {...page} view={running} host={host} />, root);
}

/** The lists, piece by piece. */
async function whole({ counts, ...view }: ComparisonHead): Promise<ComparisonView> {
  const objects: ComparisonView['objects'] = [];
  while (objects.length < counts.objects) objects.push(...(await host.call('objects', objects.length)));
  const tables: ComparisonView['tables'] = [];
  while (tables.length < counts.tables) tables.push(...(await host.call('tables', tables.length)));
  return { ...view, objects, tables };
}

look();
