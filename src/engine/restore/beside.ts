import * as l10n from '@vscode/l10n';
import type { DropPointStep } from '../plan';
import { freeName, parseMarker, restoringName } from '../points';
import type { Target } from './target';

/** Where the next state of a database is made, before it takes the name. */
export interface Beside {
  name: string;
  /** Takes away what a dead job left under this name; what is not ours stays, and another name is taken. */
  first: DropPointStep[];
}

export function beside(database: string, target: Target): Beside {
  const name = restoringName(database);
  const found = target.databases.get(name);
  if (found && parseMarker(found.comment)?.state !== 'half-made')
    return { name: freeName(name, target.databases), first: [] };
  if (!found) return { name, first: [] };
  const drop: DropPointStep = {
    do: 'dropPoint',
    title: l10n.t('Drop {0}, which an interrupted restore left', name),
    weight: 1000,
    connection: 'target',
    database: target.maintenance,
    name,
    endSessions: true,
  };
  return { name, first: [drop] };
}
