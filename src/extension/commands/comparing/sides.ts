import * as vscode from 'vscode';
import type { AskedSide } from '../../../engine/compare';
import type { Connection } from '../../../engine/connections/types';
import { engine } from '../../engine';
import type { Services } from '../../services';
import type { Target } from '../../target';
import { chooseBackup, chooseConnection, chooseDatabase } from '../choose';
import { choosePoint } from '../points/planning';

/** A side as a person or a call names it; what is absent is asked for. */
export type SideTarget = Pick<Target, 'artifact' | 'connection' | 'database' | 'point'>;

/** A side that is known: a dump, or a database of a connection. */
export type ChosenSide = { artifact: string } | { connection: Connection; database: string };

/** The side a call names, else asked for: a backup, or a database. */
export async function chooseSide(services: Services, side: SideTarget, title: string): Promise<ChosenSide> {
  if (side.artifact !== undefined) return { artifact: side.artifact };
  if (side.point !== undefined) return await ofPoint(services, side, title);
  const named = side.connection !== undefined || side.database !== undefined;
  const kind =
    named ||
    (await services.ask.pick({
      id: 'compare.side',
      title,
      placeholder: vscode.l10n.t('Compare with what?'),
      options: [
        { label: vscode.l10n.t('A backup'), description: vscode.l10n.t('or any dump'), value: false },
        { label: vscode.l10n.t('A database'), description: vscode.l10n.t('as it is now'), value: true },
      ],
    }));
  if (!kind) return { artifact: (await chooseBackup(services, {}, title, ({ partial }) => !partial)).path };
  const connection = await chooseConnection(services, side, title);
  return { connection, database: await chooseDatabase(services, connection, side, title) };
}

/** A restore point is a database, or a dump. */
async function ofPoint(services: Services, side: SideTarget, title: string): Promise<ChosenSide> {
  const connection = await chooseConnection(services, side, title);
  const { id, kind } = await choosePoint(services, connection, side, title);
  return kind === 'database' ? { connection, database: id } : { artifact: id };
}

/** Runs `work` with ways into the servers of both sides. */
export async function withSides<T>(
  { sessions }: Services,
  [left, right]: [ChosenSide, ChosenSide],
  work: (left: AskedSide, right: AskedSide) => Promise<T>,
): Promise<T> {
  const use = async <R>(side: ChosenSide, then: (asked: AskedSide) => Promise<R>): Promise<R> => {
    if ('artifact' in side) return await then({ kind: 'artifact', path: side.artifact });
    const { connection, database } = side;
    return await sessions.use(connection, (access) => then({ kind: 'database', access, database }), {
      interactive: true,
    });
  };
  return await use(left, (first) => use(right, (second) => work(first, second)));
}

/** When a dump was made, for the order of two; 0 where nobody knows. */
export async function madeAt(path: string): Promise<number> {
  const { inspectArtifact } = await engine();
  const { createdAt } = await inspectArtifact(path);
  return createdAt ? new Date(createdAt).getTime() : 0;
}
