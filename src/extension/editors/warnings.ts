import * as vscode from 'vscode';
import type { ContentsHead, Fault } from '../../shared/contentsPage';
import { count, oneLine } from '../format';
import { majorOf } from '../knownServers';
import type { ContentsDocument } from './contentsDocument';

type Warning = ContentsHead['warnings'][number];

/** Details shown of one warning: the rest is a number. */
const mostDetails = 200;

/** Damaged tables named in one sentence. */
const mostNamed = 5;

/** How the label of an entry with the rows of a table begins. */
const rowsOf = 'TABLE DATA ';

/** What a person should know before this dump is used. */
export function warningsOf(document: ContentsDocument): Warning[] {
  const warnings: Warning[] = [];
  const { opened, outdated } = document;
  if (outdated)
    warnings.push({
      kind: 'warning',
      text: vscode.l10n.t('The file changed since it was opened.'),
      details: [],
      action: { id: 'refresh', label: vscode.l10n.t('Reload') },
    });
  const facts = opened?.facts;
  const faults = faultsOf(document);
  if (faults.length) warnings.push(damage(document, faults));
  if (opened?.passwords)
    warnings.push({
      kind: 'info',
      text: vscode.l10n.t(
        'The script holds password hashes of roles: {0}. They are not shown here.',
        count(opened.passwords),
      ),
      details: [],
    });
  warnings.push(...newer(document));
  const commands = facts?.metaCommands.filter(({ own }) => !own) ?? [];
  if (commands.length)
    warnings.push({
      kind: 'warning',
      text: vscode.l10n.t(
        'The script holds {0} psql commands of its own. They can run programs when it is restored.',
        count(commands.length),
      ),
      details: some(commands.map(({ line, text }) => vscode.l10n.t('Line {0}: {1}', count(line), text))),
    });
  if (opened?.unlocated)
    warnings.push({
      kind: 'info',
      text: vscode.l10n.t('The dump does not say where its data begins, so sizes are not known yet.'),
      details: [],
      action: { id: 'locate', label: vscode.l10n.t('Find Now') },
    });
  return warnings;
}

/** What is newer than anything that is known here to restore it with. */
function newer({ opened, newestServer, oldClients }: ContentsDocument): Warning[] {
  const texts: string[] = [];
  const { serverVersion } = opened?.facts?.source ?? {};
  const server = serverVersion ? majorOf(serverVersion) : undefined;
  if (server !== undefined && newestServer && server > newestServer.major)
    texts.push(
      vscode.l10n.t(
        'The dump was made from PostgreSQL {0}. The newest of your servers, as far as their versions are known, is "{1}" with PostgreSQL {2}: it may refuse some of what is in the dump.',
        server,
        newestServer.name,
        newestServer.major,
      ),
    );
  if (oldClients)
    texts.push(
      vscode.l10n.t(
        'Only pg_restore {0} and later read this archive. The newest client programs found here are those of PostgreSQL {1}.',
        oldClients.needed,
        oldClients.newest,
      ),
    );
  return texts.map((text) => ({ kind: 'warning', text, details: [] }));
}

/** What is wrong with the contents, and what the last verification found beyond that. */
export function faultsOf({ opened, artifact }: ContentsDocument): Fault[] {
  const evidence = artifact?.evidence;
  const all = [
    ...(opened?.facts?.faults ?? []),
    ...(evidence && !evidence.ok ? (evidence.faults ?? []) : []),
  ];
  const told = new Set<string>();
  return all.filter((fault) => {
    const text = faultText(fault);
    return !told.has(text) && told.add(text);
  });
}

function damage({ opened }: ContentsDocument, faults: Fault[]): Warning {
  const tables = [
    ...new Set(
      faults.flatMap(({ entry }) => {
        const name = entry?.startsWith(rowsOf) ? entry.slice(rowsOf.length) : undefined;
        return name === undefined ? [] : [oneLine(name.replace(' ', '.'))];
      }),
    ),
  ].sort();
  const named = tables.slice(0, mostNamed).join(', ');
  const more = tables.length - mostNamed;
  const lost = opened?.facts?.lostEntries;
  const text = [
    vscode.l10n.t('The dump is damaged or cut short; what could be read is shown.'),
    ...(lost ? [vscode.l10n.t('Entries of the contents that are lost: {0}.', count(lost))] : []),
    ...(tables.length
      ? [
          more > 0
            ? vscode.l10n.t('Rows are lost of {0} and {1} more tables.', named, count(more))
            : vscode.l10n.t('Rows are lost of {0}.', named),
        ]
      : []),
  ].join(' ');
  return {
    kind: 'error',
    text,
    details: some(faults.map(faultText)),
    ...(opened?.facts?.scope === 'database'
      ? { action: { id: 'salvage', label: vscode.l10n.t('Salvage…') } }
      : {}),
  };
}

function faultText({ what, entry, offset }: Fault): string {
  const place = offset === null ? what : vscode.l10n.t('{0} (byte {1})', what, offset);
  return entry ? `${entry}: ${place}` : place;
}

function some(details: string[]): string[] {
  if (details.length <= mostDetails) return details;
  return [
    ...details.slice(0, mostDetails),
    vscode.l10n.t('… and {0} more', count(details.length - mostDetails)),
  ];
}
